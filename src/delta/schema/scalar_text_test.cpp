#include "delta/schema/scalar_text.h"

#include <cmath>

#include <gtest/gtest.h>

#include "base/error.h"

namespace quell::delta {
namespace {

const TimeZone& Utc() { return TimeZone::Find("UTC"); }

int64_t Micros(std::string_view text, const TimeZone& zone = Utc()) {
  return std::get<int64_t>(ParseScalar(text, Type(TypeId::kTimestamp), zone).value().data);
}

TEST(ScalarTextTest, Timestamps) {
  EXPECT_EQ(Micros("1970-01-01 00:00:01"), 1'000'000);
  EXPECT_EQ(Micros("1970-01-01T00:00:01.5Z"), 1'500'000);
  EXPECT_EQ(Micros("1970-01-01T01:00:00.000+01:00"), 0);
  EXPECT_EQ(Micros("1969-12-31T16:00:00.123-08:00"), 123'000);
  EXPECT_EQ(Micros("1969-12-31 16:00:00", TimeZone::Find("America/Los_Angeles")), 0);
  EXPECT_EQ(Micros("1970-01-01T00:00:01Z", TimeZone::Find("America/Los_Angeles")), 1'000'000);
  EXPECT_FALSE(ParseScalar("1970-13-01", Type(TypeId::kTimestamp), Utc()));
  EXPECT_FALSE(ParseScalar("1970-02-30", Type(TypeId::kDate), Utc()));
}

TEST(ScalarTextTest, Decimals) {
  const auto parse = [](std::string_view text) { return ParseScalar(text, Type::Decimal(12, 2), Utc()); };
  EXPECT_EQ(parse("-12.3"), Value{Int128{-1230}});
  EXPECT_EQ(parse("1.2E3"), Value{Int128{120000}});
  EXPECT_EQ(parse("5.000"), Value{Int128{500}});
  EXPECT_FALSE(parse("0.001"));
  EXPECT_EQ(parse("9999999999.99"), Value{Int128{999'999'999'999}});
  EXPECT_EQ(parse("0e30"), Value{Int128{0}});
  EXPECT_FALSE(parse("10000000000"));
  EXPECT_FALSE(parse("99999999999999999999999999999999999999"));
  EXPECT_FALSE(parse("1e2147483647"));
  EXPECT_FALSE(parse("1e9223372036854775807"));
  EXPECT_FALSE(parse("1.2.3"));
  EXPECT_FALSE(parse(""));
}

TEST(ScalarTextTest, WhatTheTypeDoesNotHoldIsRefused) {
  const auto is_read = [](std::string_view text, TypeId id) { return ParseScalar(text, Type(id), Utc()).has_value(); };
  EXPECT_TRUE(is_read("-128", TypeId::kByte));
  EXPECT_FALSE(is_read("128", TypeId::kByte));
  EXPECT_FALSE(is_read("32768", TypeId::kShort));
  EXPECT_FALSE(is_read("2147483648", TypeId::kInt));
  EXPECT_FALSE(is_read("9223372036854775808", TypeId::kLong));
  EXPECT_TRUE(is_read("5881580-07-11", TypeId::kDate));
  EXPECT_FALSE(is_read("5881580-07-12", TypeId::kDate));
  EXPECT_EQ(Micros("+294247-01-10T04:00:54.775807Z"), INT64_MAX);
  EXPECT_EQ(Micros("-290308-12-21T19:59:05.224192Z"), INT64_MIN);
  EXPECT_FALSE(is_read("+294247-01-10T04:00:54.775808Z", TypeId::kTimestamp));
  EXPECT_FALSE(is_read("9999999-01-01 00:00:00", TypeId::kTimestampNtz));
  // Local times of a zone, of which those that have no instant are refused, too.
  const TimeZone& tokyo = TimeZone::Find("Asia/Tokyo");
  EXPECT_EQ(Micros("+294247-01-10 13:00:54.775807", tokyo), INT64_MAX);
  EXPECT_FALSE(ParseScalar("+294247-01-10 13:00:54.775808", Type(TypeId::kTimestamp), tokyo));
  EXPECT_FALSE(ParseScalar("-290308-12-21 23:00:00", Type(TypeId::kTimestamp), tokyo));
}

TEST(ScalarTextTest, PartitionValuesComeBack) {
  const auto expect_same = [](const Value& value, const Type& type) {
    const auto text = FormatPartitionValue(value, type);
    EXPECT_EQ(ParsePartitionValue(text, type, TimeZone::Find("Asia/Tokyo")), value) << text.value_or("none");
  };
  expect_same(Value{}, Type(TypeId::kString));
  expect_same(Value{std::string("a=b/c")}, Type(TypeId::kString));
  expect_same(Value{int64_t{-5}}, Type(TypeId::kLong));
  expect_same(Value{int64_t{19000}}, Type(TypeId::kDate));
  expect_same(Value{int64_t{-1}}, Type(TypeId::kTimestamp));
  expect_same(Value{int64_t{1'700'000'000'123'456}}, Type(TypeId::kTimestampNtz));
  expect_same(Value{Int128{-1230}}, Type::Decimal(12, 2));
  expect_same(Value{0.1}, Type(TypeId::kDouble));
  expect_same(Value{INFINITY}, Type(TypeId::kDouble));
  expect_same(Value{true}, Type(TypeId::kBoolean));
  EXPECT_THROW(ParsePartitionValue("x", Type(TypeId::kInt), Utc()), Error);
}

}  // namespace
}  // namespace quell::delta
