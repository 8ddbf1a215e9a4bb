// Numbers of JSON texts that no 64 bits hold.
#pragma once

#include <string>
#include <string_view>

namespace quell::storage {

// The text with such numbers in quotes, so that a parser of 64-bit numbers takes them as strings and none of their
// digits is lost.
std::string QuoteHugeNumbers(std::string_view json);

}  // namespace quell::storage
