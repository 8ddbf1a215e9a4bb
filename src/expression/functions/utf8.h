// Characters (code points) of UTF-8 text: where they are, and their case.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/utf8.h"

namespace quell {

// Bytes of the character that begins with `first`.
inline size_t CharBytes(char first) {
  const auto byte = static_cast<uint8_t>(first);
  return byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

inline bool IsAscii(std::string_view text) {
  uint8_t any = 0;
  for (const char c : text) any |= static_cast<uint8_t>(c);
  return any < 0x80;
}

// The byte where character `index` begins; text.size() beyond the end.
inline size_t ByteOffset(std::string_view text, int64_t index) {
  size_t at = 0;
  for (; index > 0 && at < text.size(); --index) at += CharBytes(text[at]);
  return at < text.size() ? at : text.size();
}

// Calls f(character) for each, as a view of its bytes.
template <typename F>
void ForEachChar(std::string_view text, F&& f) {
  for (size_t at = 0; at < text.size();) {
    const std::string_view character = text.substr(at, CharBytes(text[at]));
    f(character);
    at += character.size();
  }
}

void AppendCodePoint(std::string& text, uint32_t code_point);
uint32_t CodePointOf(std::string_view character);
std::string ToUpperUtf8(std::string_view text);
std::string ToLowerUtf8(std::string_view text);

}  // namespace quell
