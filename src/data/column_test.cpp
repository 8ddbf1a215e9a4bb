#include "data/column.h"

#include <arrow/util/align_util.h>
#include <gtest/gtest.h>

#include <cstring>
#include <thread>

#include "base/error.h"
#include "data/buffers.h"
#include "data/format.h"
#include "data/schema.h"
#include "data/time_zone.h"

namespace quell {
namespace {

Value Long(int64_t v) { return Value{v}; }
Value Text(const char* v) { return Value{std::string(v)}; }

TEST(TypeTest, PrintsAndParsesNestedTypes) {
  const std::string text = "struct<a:array<map<string,decimal(12,2)>>,b:interval day to second,c:timestamp_ntz>";
  EXPECT_EQ(ParseType(text).ToString(), text);
  EXPECT_EQ(ParseType("STRUCT<`a b`: INT NOT NULL COMMENT 'x', c BIGINT>").ToSql(),
            "STRUCT<`a b`: INT NOT NULL, c: BIGINT>");
  EXPECT_THROW(ParseType("decimal(39,1)"), Error);
  EXPECT_THROW(ParseType("array<int"), Error);
}

TEST(TypeTest, SurvivesArrow) {
  const Type type = ParseType("struct<a:array<int>,m:map<string,decimal(20,3)>,d:decimal(5,2),t:timestamp>");
  EXPECT_EQ(FromArrowType(*ToArrowType(type)), type);
}

TEST(ColumnTest, TakesRowsAndNulls) {
  const Column column = MakeColumn(Type(TypeId::kLong), {Long(1), Value{}, Long(3)});
  const Column taken = Take(column, {2, -1, 1, 0});
  EXPECT_EQ(ValueAt(taken, 0), Long(3));
  EXPECT_TRUE(ValueAt(taken, 1).is_null());
  EXPECT_TRUE(ValueAt(taken, 2).is_null());
  EXPECT_EQ(ValueAt(taken, 3), Long(1));
}

TEST(ColumnTest, SlicesValuesAndNulls) {
  const Column column = MakeColumn(Type(TypeId::kLong), {Long(1), Value{}, Long(3), Long(4)});
  const Column slice = Slice(Slice(column, 1, 3), 1, 2);
  ASSERT_EQ(slice.length(), 2);
  EXPECT_EQ(ValueAt(slice, 0), Long(3));
  EXPECT_EQ(ValueAt(slice, 1), Long(4));
  EXPECT_EQ(slice.data->GetNullCount(), 0);
  EXPECT_EQ(Slice(column, 0, 2).data->GetNullCount(), 1);
  EXPECT_EQ(Slice(MakeColumn(Type(), {Value{}, Value{}}), 1, 1).data->GetNullCount(), 1);
  EXPECT_EQ(ValueAt(Slice(MakeConstant(Type(TypeId::kLong), Long(7)), 5, 2), 1), Long(7));
}

// Whichever thread is the last to let its rows go gives their memory back, after the others have read theirs:
// ThreadSanitizer must see what orders that.
TEST(ColumnTest, LetsThreadsReleaseTheirSlices) {
  constexpr int kThreads = 4;
  for (int round = 0; round < 20; ++round) {
    std::vector<Column> slices;
    {
      const Column column = MakeColumn(Type(TypeId::kLong), std::vector<Value>(kThreads, Long(round)));
      for (int i = 0; i < kThreads; ++i) slices.push_back(Slice(column, i, 1));
    }
    std::vector<Value> values(kThreads);
    {
      std::vector<std::jthread> threads;
      for (size_t i = 0; i < kThreads; ++i) {
        threads.emplace_back([slice = std::move(slices[i]), value = &values[i]] { *value = ValueAt(slice, 0); });
      }
    }
    EXPECT_EQ(values, std::vector<Value>(kThreads, Long(round)));
  }
}

TEST(ColumnTest, RoundTripsNestedValues) {
  const Type type = ParseType("map<string,array<int>>");
  const Value map{std::vector<Value>{Text("a"), Value{std::vector<Value>{Long(1), Value{}}}, Text("b"), Value{}}};
  const Column column = MakeColumn(type, {map, Value{}, map});
  EXPECT_EQ(ValueAt(column, 2), map);
  EXPECT_EQ(ValueAt(Take(column, {1, 2}), 1), map);
  EXPECT_EQ(FormatValue(map, type), "{a -> [1, null], b -> null}");
}

// The same array, whose wide decimals begin 8 bytes behind a multiple of 16.
ArrayDataPtr Misaligned(const ArrayDataPtr& data) {
  ArrayDataPtr moved = data->Copy();
  for (auto& buffer : moved->buffers) {
    if (!buffer) continue;
    const BufferPtr bytes = AllocateBytes(buffer->size() + 8);
    std::memcpy(bytes->mutable_data() + 8, buffer->data(), static_cast<size_t>(buffer->size()));
    buffer = arrow::SliceBuffer(bytes, 8, buffer->size());
  }
  for (auto& child : moved->child_data) child = Misaligned(child);
  if (moved->dictionary) moved->dictionary = Misaligned(moved->dictionary);
  return moved;
}

TEST(ColumnTest, AlignsWhatOtherWritersMade) {
  const Type decimal = Type::Decimal(38, 2);
  const std::vector<Value> values{Value{Int128{1} << 100}, Value{}, Value{Int128{-1}}};
  const ArrayDataPtr flat = Misaligned(MakeColumn(decimal, values).data);
  EXPECT_TRUE(arrow::util::CheckAlignment(*FromArrow(flat, decimal).data, alignof(Int128)));
  EXPECT_EQ(ValueAt(FromArrow(flat, decimal), 0), values[0]);

  const Type array = Type::Array(decimal, true);
  const Value list{std::vector<Value>{values[2], values[0]}};
  const Column lists = FromArrow(Misaligned(MakeColumn(array, {list, Value{}}).data), array);
  EXPECT_TRUE(arrow::util::CheckAlignment(*lists.data, alignof(Int128)));
  EXPECT_EQ(ValueAt(lists, 0), list);

  const BufferPtr codes = AllocateBytes(sizeof(int32_t));
  *reinterpret_cast<int32_t*>(codes->mutable_data()) = 1;
  const Column dictionary =
      MakeDictionary(decimal, 1, codes, nullptr, MakeColumn(decimal, {values[0], values[2]}).data);
  const Column imported = FromArrow(Misaligned(dictionary.data), decimal);
  EXPECT_TRUE(arrow::util::CheckAlignment(*imported.data, alignof(Int128)));
  EXPECT_EQ(ValueAt(imported, 0), values[2]);
}

TEST(ColumnTest, UnifiesDictionariesThatDiffer) {
  const Type type(TypeId::kString);
  const auto column = [&](std::vector<Value> dictionary) {
    BufferPtr codes = AllocateBytes(8);
    reinterpret_cast<int32_t*>(codes->mutable_data())[0] = 1;
    reinterpret_cast<int32_t*>(codes->mutable_data())[1] = 0;
    return MakeDictionary(type, 2, codes, nullptr, MakeColumn(type, dictionary).data);
  };
  const Batch a{{column({Text("x"), Text("y")})}, 2, nullptr};
  const Batch b{{column({Text("y"), Text("z")})}, 2, std::make_shared<Selection>(Selection{1})};
  const Batch joined = Concatenate({a, b}, Schema({Field{"s", type}}));
  ASSERT_EQ(joined.num_rows, 3);
  EXPECT_EQ(joined.columns[0].encoding, Encoding::kDictionary);
  EXPECT_EQ(joined.columns[0].data->dictionary->length, 3);
  EXPECT_EQ(ValueAt(joined.columns[0], 2), Text("y"));
}

TEST(BuffersTest, PacksBits) {
  std::vector<uint8_t> bytes;
  for (int i = 0; i < 77; ++i) bytes.push_back(i % 3 == 0 || i % 7 == 2);
  BufferPtr bits = AllocateBits(77, false);
  PackBits(bytes.data(), 77, bits->mutable_data());
  for (int i = 0; i < 77; ++i) EXPECT_EQ(GetBit(bits->data(), i), bytes[static_cast<size_t>(i)]);
  std::vector<uint8_t> unpacked(70);
  UnpackBits(bits->data(), 5, 70, unpacked.data());
  for (size_t i = 0; i < 70; ++i) EXPECT_EQ(unpacked[i], bytes[i + 5]);
}

TEST(FormatTest, PrintsNumbersAsJava) {
  EXPECT_EQ(FormatDouble(1.0), "1.0");
  EXPECT_EQ(FormatDouble(1e7), "1.0E7");
  EXPECT_EQ(FormatDouble(-123456.789), "-123456.789");
  EXPECT_EQ(FormatDouble(0.001), "0.001");
  EXPECT_EQ(FormatDouble(1.5e-4), "1.5E-4");
  EXPECT_EQ(FormatDouble(9007199254740993.0), "9.007199254740992E15");
  EXPECT_EQ(FormatFloat(0.1f), "0.1");
  EXPECT_EQ(FormatDecimal(-5, 2), "-0.05");
  EXPECT_EQ(FormatDate(-719529), "-0001-12-31");
  EXPECT_EQ(FormatInterval(93784005000, Type(TypeId::kDayTimeInterval)), "INTERVAL '1 02:03:04.005' DAY TO SECOND");
}

TEST(FormatTest, PrintsTheFirstAndTheLastInstant) {
  EXPECT_EQ(FormatLocalTimestamp(INT64_MIN), "-290308-12-21 19:59:05.224192");
  EXPECT_EQ(FormatLocalTimestamp(INT64_MAX), "+294247-01-10 04:00:54.775807");
}

TEST(TimeZoneTest, FollowsDaylightSaving) {
  const TimeZone& zone = TimeZone::Find("America/Los_Angeles");
  const int64_t hour = 3'600'000'000;
  const int64_t july_2020 = 1593561600 * int64_t{1'000'000};
  EXPECT_EQ(zone.SpanAt(july_2020).offset_us, -7 * hour);
  // July 2060 is beyond the zone files.
  EXPECT_EQ(zone.SpanAt(2855865600 * int64_t{1'000'000}).offset_us, -7 * hour);
  EXPECT_EQ(FitUtc(zone, july_2020), july_2020 + 7 * hour);
  // 2020-03-08 02:30 does not exist; 03:30 PDT does.
  const int64_t gap = 1583634600 * int64_t{1'000'000};
  EXPECT_EQ(FitUtc(zone, gap), gap + 8 * hour);
  ZoneCursor cursor(zone);
  EXPECT_EQ(FitUtc(cursor, july_2020), july_2020 + 7 * hour);
  EXPECT_EQ(FitUtc(cursor, gap), gap + 8 * hour);
  EXPECT_EQ(TimeZone::Find("UTC+05:30").fixed_offset_us(), 5 * hour + hour / 2);
  EXPECT_EQ(TimeZone::TryFind("Mars/Base"), nullptr);
}

TEST(TimeZoneTest, KnowsTheClocksAtBothEnds) {
  for (const char* name : {"UTC", "-18:00", "+18:00", "Asia/Tokyo", "America/Los_Angeles"}) {
    const TimeZone& zone = TimeZone::Find(name);
    ZoneCursor cursor(zone);
    for (const int64_t utc_us : {INT64_MIN, INT64_MAX, int64_t{0}}) {
      const LocalTime local = cursor.LocalAt(utc_us);
      EXPECT_EQ(MicrosOf(local), Int128{utc_us} + cursor.OffsetAt(utc_us)) << name;
      EXPECT_GE(local.time_us, 0) << name;
      EXPECT_LT(local.time_us, kMicrosPerDay) << name;
      EXPECT_EQ(FitUtc(zone, MicrosOf(local)), utc_us) << name;
      EXPECT_EQ(FitUtc(cursor, MicrosOf(local)), utc_us) << name;
    }
    EXPECT_EQ(FitUtc(zone, MicrosOf(cursor.LocalAt(INT64_MIN)) - 1), std::nullopt) << name;
    EXPECT_EQ(FitUtc(zone, MicrosOf(cursor.LocalAt(INT64_MAX)) + 1), std::nullopt) << name;
  }
}

}  // namespace
}  // namespace quell
