#include "storage/json/huge_numbers.h"

#include <gtest/gtest.h>

namespace quell::storage {
namespace {

TEST(HugeNumbers, AreQuotedAndOthersAreNot) {
  EXPECT_EQ(QuoteHugeNumbers(R"({"a":99999999999999999999,"b":-1,"c":[1e400,2.5]})"),
            R"({"a":"99999999999999999999","b":-1,"c":["1e400",2.5]})");
  EXPECT_EQ(QuoteHugeNumbers("18446744073709551615"), "18446744073709551615");
  EXPECT_EQ(QuoteHugeNumbers("-9223372036854775809"), "\"-9223372036854775809\"");
}

TEST(HugeNumbers, StringsStayAsTheyAre) {
  EXPECT_EQ(QuoteHugeNumbers(R"({"99999999999999999999":"x\"99999999999999999999"})"),
            R"({"99999999999999999999":"x\"99999999999999999999"})");
  EXPECT_EQ(QuoteHugeNumbers("\"unclosed 99999999999999999999"), "\"unclosed 99999999999999999999");
}

}  // namespace
}  // namespace quell::storage
