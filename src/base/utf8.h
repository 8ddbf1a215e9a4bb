// UTF-8 text by its characters (code points).
#pragma once

#include <cstdint>
#include <string_view>

namespace quell {

// All bytes of a character but its first have these two bits.
inline bool BeginsChar(char c) { return (static_cast<uint8_t>(c) & 0xC0) != 0x80; }

inline int64_t CountChars(std::string_view text) {
  int64_t count = 0;
  for (const char c : text) count += BeginsChar(c);
  return count;
}

}  // namespace quell
