#include "delta/stats/statistics.h"

#include <cmath>

#include <gtest/gtest.h>

namespace quell::delta {
namespace {

Value Text(std::string text) { return Value{std::move(text)}; }
Value Number(int64_t number) { return Value{number}; }

TEST(StatisticsTest, NestedColumnsComeBack) {
  const std::vector<StatisticsColumn> columns = {{{"a"}, Type(TypeId::kLong)},
                                                 {{"s", "x"}, Type::Decimal(12, 2)},
                                                 {{"d"}, Type(TypeId::kDate)},
                                                 {{"s", "y"}, Type(TypeId::kString)},
                                                 {{"f"}, Type(TypeId::kFloat)}};
  FileStatistics statistics;
  statistics.num_records = 10;
  statistics.columns = {{Number(-1), Number(5), 0},
                        {Value{Int128{-150}}, Value{Int128{100'000'000'099}}, 3},
                        {Number(0), Number(19000), {}},
                        {Text("a\"b"), Text("z"), 1},
                        {Value{double{7.8f}}, Value{double{7.8f}}, 0}};
  const std::string json = StatisticsToJson(columns, statistics);
  EXPECT_EQ(json, R"({"numRecords":10,"minValues":{"a":-1,"s":{"x":-1.50,"y":"a\"b"},"d":"1970-01-01","f":7.8},)"
                  R"("maxValues":{"a":5,"s":{"x":1000000000.99,"y":"z"},"d":"2022-01-08","f":7.8},)"
                  R"("nullCount":{"a":0,"s":{"x":3,"y":1},"f":0}})");
  const FileStatistics parsed = ParseStatistics(json, columns);
  EXPECT_EQ(parsed.num_records, 10);
  for (size_t i = 0; i < columns.size(); ++i) {
    EXPECT_EQ(parsed.columns[i].min, statistics.columns[i].min) << i;
    EXPECT_EQ(parsed.columns[i].max, statistics.columns[i].max) << i;
    EXPECT_EQ(parsed.columns[i].null_count, statistics.columns[i].null_count) << i;
  }
}

TEST(StatisticsTest, BoundsStayBounds) {
  const std::vector<StatisticsColumn> columns = {
      {{"t"}, Type(TypeId::kTimestamp)}, {{"s"}, Type(TypeId::kString)}, {{"d"}, Type(TypeId::kDouble)}};
  const std::string text(40, 'x');
  FileStatistics statistics;
  statistics.columns = {
      {Number(1'000'001), Number(1'000'001), 0}, {Text(text), Text(text), 0}, {Value{1.0}, Value{NAN}, 0}};
  const std::string json = StatisticsToJson(columns, statistics);
  EXPECT_NE(json.find(R"("t":"1970-01-01T00:00:01.000Z")"), std::string::npos) << json;
  EXPECT_NE(json.find(R"("t":"1970-01-01T00:00:01.001Z")"), std::string::npos) << json;
  const FileStatistics parsed = ParseStatistics(json, columns);
  EXPECT_LE(CompareValues(*parsed.columns[0].min, Number(1'000'001)), 0);
  EXPECT_GE(CompareValues(*parsed.columns[0].max, Number(1'000'001)), 0);
  EXPECT_LE(CompareValues(*parsed.columns[1].min, Text(text)), 0);
  EXPECT_GE(CompareValues(*parsed.columns[1].max, Text(text)), 0);
  EXPECT_FALSE(parsed.columns[2].max);
}

TEST(StatisticsTest, UpperBoundsThatWereCutAreWidened) {
  const std::vector<StatisticsColumn> columns = {{{"t"}, Type(TypeId::kTimestamp)}, {{"s"}, Type(TypeId::kString)}};
  const std::string prefix(32, 'x');
  const auto parsed =
      ParseStatistics(R"({"maxValues":{"t":"1970-01-01T01:00:00.000+01:00","s":")" + prefix + "\"}}", columns);
  EXPECT_EQ(parsed.columns[0].max, Number(999));
  EXPECT_GT(CompareValues(*parsed.columns[1].max, Text(prefix + "zzz")), 0);
}

TEST(StatisticsTest, TheLastInstantHasNoRoomToBeWidened) {
  const std::vector<StatisticsColumn> columns = {{{"t"}, Type(TypeId::kTimestamp)}};
  FileStatistics statistics;
  statistics.columns = {{Number(INT64_MIN), Number(INT64_MAX), 0}};
  EXPECT_EQ(StatisticsToJson(columns, statistics), R"({"minValues":{},"maxValues":{},"nullCount":{"t":0}})");
  const auto parsed = ParseStatistics(R"({"maxValues":{"t":"+294247-01-10T04:00:54.775Z"}})", columns);
  EXPECT_EQ(parsed.columns[0].max, Number(INT64_MAX));
}

TEST(StatisticsTest, UnreadableTextSaysNothing) {
  const std::vector<StatisticsColumn> columns = {{{"a"}, Type(TypeId::kLong)}};
  for (const char* json : {"", "{", "[]", R"({"minValues":{"a":"x"}})", R"({"minValues":3,"numRecords":"n"})"}) {
    const auto parsed = ParseStatistics(json, columns);
    EXPECT_FALSE(parsed.columns.at(0).min) << json;
    EXPECT_FALSE(parsed.num_records) << json;
  }
}

TEST(StatisticsTest, ColumnsThatHaveStatistics) {
  std::vector<Field> fields = {{"p", Type(TypeId::kInt)},
                               {"s", Type::Struct({{"x", Type(TypeId::kInt)}, {"y", Type(TypeId::kInt)}})},
                               {"z", Type(TypeId::kInt)}};
  const Schema schema(fields);
  Metadata metadata;
  metadata.partition_columns = {"p"};
  EXPECT_EQ(StatisticsColumns(metadata, schema, schema).size(), 3u);
  metadata.configuration["delta.dataSkippingNumIndexedCols"] = "1";
  EXPECT_EQ(StatisticsColumns(metadata, schema, schema),
            (std::vector<StatisticsColumn>{{{"s", "x"}, Type(TypeId::kInt)}}));
  metadata.configuration["delta.dataSkippingStatsColumns"] = "z, s.y";
  EXPECT_EQ(StatisticsColumns(metadata, schema, schema).size(), 2u);
}

}  // namespace
}  // namespace quell::delta
