// Amounts of bytes for people.
#pragma once

#include <cstdint>
#include <string>

namespace quell {

// "1.5 GiB": a number below 1,024 in the largest unit that gives at least 1.
std::string FormatByteSize(int64_t bytes);

}  // namespace quell
