#include <cstdint>

#include "sql/lexer.h"

namespace quell::sql {
namespace {

void AppendUtf8(uint32_t code_point, std::string* out) {
  if (code_point < 0x80) {
    out->push_back(static_cast<char>(code_point));
  } else if (code_point < 0x800) {
    out->push_back(static_cast<char>(0xC0 | (code_point >> 6)));
    out->push_back(static_cast<char>(0x80 | (code_point & 0x3F)));
  } else if (code_point < 0x10000) {
    out->push_back(static_cast<char>(0xE0 | (code_point >> 12)));
    out->push_back(static_cast<char>(0x80 | ((code_point >> 6) & 0x3F)));
    out->push_back(static_cast<char>(0x80 | (code_point & 0x3F)));
  } else {
    out->push_back(static_cast<char>(0xF0 | (code_point >> 18)));
    out->push_back(static_cast<char>(0x80 | ((code_point >> 12) & 0x3F)));
    out->push_back(static_cast<char>(0x80 | ((code_point >> 6) & 0x3F)));
    out->push_back(static_cast<char>(0x80 | (code_point & 0x3F)));
  }
}

int DigitValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 16;
}

// `digits` digits of a base at `offset`; -1 unless all are there.
int64_t ReadDigits(std::string_view text, size_t offset, size_t digits, int base) {
  if (offset + digits > text.size()) return -1;
  int64_t value = 0;
  for (size_t i = 0; i < digits; ++i) {
    const int digit = DigitValue(text[offset + i]);
    if (digit >= base) return -1;
    value = value * base + digit;
  }
  return value;
}

// Reads the escape whose backslash stands at `offset`; returns how many characters it has.
size_t DecodeEscape(std::string_view text, size_t offset, std::string* out) {
  const char c = text[offset + 1];
  if (c == 'u' || c == 'U') {
    const size_t digits = c == 'u' ? 4 : 8;
    const int64_t code_point = ReadDigits(text, offset + 2, digits, 16);
    if (code_point >= 0 && code_point <= 0x10FFFF) {
      const int64_t low = text.substr(offset + 6, 2) == "\\u" ? ReadDigits(text, offset + 8, 4, 16) : -1;
      if (c == 'u' && code_point >= 0xD800 && code_point < 0xDC00 && low >= 0xDC00 && low < 0xE000) {
        AppendUtf8(static_cast<uint32_t>(0x10000 + ((code_point - 0xD800) << 10) + (low - 0xDC00)), out);
        return 12;
      }
      AppendUtf8(static_cast<uint32_t>(code_point), out);
      return 2 + digits;
    }
  }
  const int64_t octal = c == '0' || c == '1' ? ReadDigits(text, offset + 1, 3, 8) : -1;
  if (octal >= 0) {
    AppendUtf8(static_cast<uint32_t>(octal), out);
    return 4;
  }
  switch (c) {
    case '0': out->push_back('\0'); break;
    case 'b': out->push_back('\b'); break;
    case 'n': out->push_back('\n'); break;
    case 'r': out->push_back('\r'); break;
    case 't': out->push_back('\t'); break;
    case 'Z': out->push_back('\x1A'); break;
    case '%':
    case '_':  // LIKE takes these out itself.
      out->push_back('\\');
      out->push_back(c);
      break;
    default: out->push_back(c);
  }
  return 2;
}

}  // namespace

std::string DecodeString(std::string_view token) {
  if (token[0] == 'r' || token[0] == 'R') return std::string(token.substr(2, token.size() - 3));
  const char quote = token[0];
  const std::string_view text = token.substr(1, token.size() - 2);
  std::string value;
  value.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      i += DecodeEscape(text, i, &value);
    } else {
      i += text[i] == quote ? 2 : 1;
      value.push_back(text[i - 1]);
    }
  }
  return value;
}

std::string DecodeQuotedName(std::string_view token) {
  std::string name;
  for (size_t i = 1; i + 1 < token.size(); ++i) {
    name.push_back(token[i]);
    if (token[i] == '`') ++i;
  }
  return name;
}

}  // namespace quell::sql
