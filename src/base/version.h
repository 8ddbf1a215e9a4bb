// The version of Quell, as CMakeLists.txt has it.
#pragma once

#include <string_view>

namespace quell {

std::string_view Version();  // "0.1.0"

}  // namespace quell
