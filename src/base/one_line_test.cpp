#include "base/one_line.h"

#include <arrow/status.h>

#include <gtest/gtest.h>

#include "base/arrow_result.h"
#include "base/error_classes.h"

namespace quell {
namespace {

TEST(OneLineTest, HasNoBreakAndNoPointAtTheEnd) {
  EXPECT_EQ(OneLine("Unexpected end of stream.\n  Page 3: \r\n"), "Unexpected end of stream. Page 3");
  EXPECT_EQ(OneLine(""), "");
}

TEST(OneLineTest, IsHowArrowsErrorsAreTold) {
  try {
    Unwrap(arrow::Status::Invalid("bad\nbytes."), error_class::kFailedReadFile, "read x");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.message(), "read x: bad bytes");
  }
}

}  // namespace
}  // namespace quell
