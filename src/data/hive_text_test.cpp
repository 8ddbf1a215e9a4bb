#include "data/hive_text.h"

#include <gtest/gtest.h>

namespace quell {
namespace {

Value Text(const char* text) { return Value{std::string(text)}; }
Value Number(int64_t number) { return Value{number}; }

TEST(HiveText, QuotesStringsOnlyInsideOthers) {
  EXPECT_EQ(HiveText(Text("a"), Type(TypeId::kString)), "a");
  const Type strings = Type::Array(Type(TypeId::kString));
  EXPECT_EQ(HiveText(Value{std::vector<Value>{Text("a"), Value{}}}, strings), "[\"a\",null]");
  EXPECT_EQ(HiveText(Value{}, strings), "NULL");
}

TEST(HiveText, NamesMembersAndSortsMaps) {
  const Type pair = Type::Struct({{"a", Type(TypeId::kString)}, {"b", Type(TypeId::kYearMonthInterval)}});
  EXPECT_EQ(HiveText(Value{std::vector<Value>{Text("x"), Number(-14)}}, pair), "{\"a\":\"x\",\"b\":-1-2}");
  const Type map = Type::Map(Type(TypeId::kString), Type(TypeId::kString));
  EXPECT_EQ(HiveText(Value{std::vector<Value>{Text("k"), Text("1"), Text("b"), Text("2")}}, map),
            "{\"b\":\"2\",\"k\":\"1\"}");
}

TEST(HiveText, PrintsDayTimeIntervals) {
  const Type interval(TypeId::kDayTimeInterval);
  EXPECT_EQ(HiveText(Number(109'996'003'006), interval), "1 06:33:16.003006000");
  EXPECT_EQ(HiveText(Number(-1), interval), "-0 00:00:00.000001000");
}

TEST(HiveText, PrintsBinaryInTheAskedStyle) {
  const Type binary(TypeId::kBinary);
  EXPECT_EQ(HiveText(Text("Sp\xff"), binary, {.binary_style = "BASIC"}), "[83, 112, -1]");
  EXPECT_EQ(HiveText(Text("Sp\xff"), binary, {.binary_style = "HEX"}), "5370FF");
  EXPECT_EQ(HiveText(Text("Sp\xff"), binary, {.binary_style = "HEX_DISCRETE"}), "[53 70 FF]");
  EXPECT_EQ(HiveText(Text("Spa"), binary, {.binary_style = "BASE64"}), "U3Bh");
  EXPECT_EQ(HiveText(Text("Sp"), binary, {.binary_style = "BASE64"}), "U3A=");
  EXPECT_EQ(HiveText(Text("Sp"), binary), "Sp");
}

TEST(HiveText, AlignsWhatDescribesColumns) {
  const Type text(TypeId::kString);
  EXPECT_TRUE(IsDescription(Schema({{"col_name", text}, {"data_type", text}, {"comment", text}})));
  EXPECT_FALSE(IsDescription(Schema({{"col_name", text}, {"data_type", text}})));
  EXPECT_EQ(AlignedText(Text("a")), "a                   ");
  EXPECT_EQ(AlignedText(Value{}), "                    ");
}

}  // namespace
}  // namespace quell
