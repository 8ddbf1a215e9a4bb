// Text of others on a terminal.
#pragma once

#include <string>
#include <string_view>

namespace quell {

// The UTF-8 text with \n, \r, \t and \xNN in the place of control characters, U+0080 to U+009F among them, which would
// take a table apart or steer the terminal.
std::string EscapeControls(std::string_view text);

}  // namespace quell
