#include "expression/functions/utf8.h"

#include <unicode/bytestream.h>
#include <unicode/casemap.h>

namespace quell {

void AppendCodePoint(std::string& text, uint32_t c) {
  const auto byte = [&](uint32_t value) { text += static_cast<char>(value); };
  if (c < 0x80) {
    byte(c);
  } else if (c < 0x800) {
    byte(0xC0 | (c >> 6));
    byte(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    byte(0xE0 | (c >> 12));
    byte(0x80 | ((c >> 6) & 0x3F));
    byte(0x80 | (c & 0x3F));
  } else {
    byte(0xF0 | (c >> 18));
    byte(0x80 | ((c >> 12) & 0x3F));
    byte(0x80 | ((c >> 6) & 0x3F));
    byte(0x80 | (c & 0x3F));
  }
}

uint32_t CodePointOf(std::string_view character) {
  const auto byte = [&](size_t i) { return i < character.size() ? static_cast<uint8_t>(character[i]) & 0x3Fu : 0u; };
  const auto first = static_cast<uint8_t>(character[0]);
  switch (CharBytes(character[0])) {
    case 1: return first;
    case 2: return (first & 0x1Fu) << 6 | byte(1);
    case 3: return (first & 0x0Fu) << 12 | byte(1) << 6 | byte(2);
    default: return (first & 0x07u) << 18 | byte(1) << 12 | byte(2) << 6 | byte(3);
  }
}

std::string ToUpperUtf8(std::string_view text) {
  std::string result;
  icu::StringByteSink<std::string> sink(&result);
  UErrorCode status = U_ZERO_ERROR;
  icu::CaseMap::utf8ToUpper("", 0, icu::StringPiece(text.data(), static_cast<int32_t>(text.size())), sink, nullptr,
                            status);
  return result;
}

std::string ToLowerUtf8(std::string_view text) {
  std::string result;
  icu::StringByteSink<std::string> sink(&result);
  UErrorCode status = U_ZERO_ERROR;
  icu::CaseMap::utf8ToLower("", 0, icu::StringPiece(text.data(), static_cast<int32_t>(text.size())), sink, nullptr,
                            status);
  return result;
}

}  // namespace quell
