// Amounts of things for people.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace quell {

// "12,345": digits in groups of three.
std::string GroupDigits(int64_t number);

// "1 row", "12,345 rows": a number of what `noun` names, whose plural ends with an s.
std::string Counted(int64_t number, std::string_view noun);

}  // namespace quell
