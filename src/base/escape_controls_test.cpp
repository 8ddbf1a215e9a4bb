#include "base/escape_controls.h"

#include <gtest/gtest.h>

namespace quell {
namespace {

TEST(EscapeControlsTest, LeavesNothingThatSteersATerminal) {
  EXPECT_EQ(EscapeControls("a\tb\r\n"), "a\\tb\\r\\n");
  EXPECT_EQ(EscapeControls("\x1b[2J\x7f"), "\\x1B[2J\\x7F");
  // CSI and the others of U+0080 to U+009F have two bytes.
  EXPECT_EQ(EscapeControls("\xC2\x9B"
                           "2J\xC2\x80"),
            "\\x9B2J\\x80");
}

TEST(EscapeControlsTest, LeavesTextAsItIs) {
  for (const char* text : {"", "plain", "\u00a0\u00e4\u20ac \U0001F600", "\xC2"}) EXPECT_EQ(EscapeControls(text), text);
}

}  // namespace
}  // namespace quell
