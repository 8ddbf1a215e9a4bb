// Text of others on a terminal.
#pragma once

#include <string>
#include <string_view>

namespace quell {

// The text with \n, \r, \t and \xNN in the place of control characters, which would take a table apart or steer the
// terminal.
std::string EscapeControls(std::string_view text);

}  // namespace quell
