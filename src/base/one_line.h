// What libraries say when they fail.
#pragma once

#include <string>
#include <string_view>

namespace quell {

// The message in one line, without a point at its end: Arrow's and libparquet's may have several lines.
std::string OneLine(std::string_view message);

}  // namespace quell
