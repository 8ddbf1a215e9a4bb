#include "base/escape_controls.h"

#include <fmt/format.h>

namespace quell {
namespace {

// How many bytes the control character takes that `text` begins with: one below the space, or DEL; two of UTF-8 from
// U+0080 to U+009F, where U+009B begins a command as ESC [ does. 0 for anything else.
size_t ControlBytes(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < ' ' || byte(0) == 127) return 1;
  return byte(0) == 0xC2 && text.size() > 1 && byte(1) >= 0x80 && byte(1) <= 0x9F ? 2 : 0;
}

std::string Escape(char code) {
  switch (code) {
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    default: return fmt::format("\\x{:02X}", static_cast<unsigned char>(code));
  }
}

}  // namespace

std::string EscapeControls(std::string_view text) {
  std::string escaped;
  size_t begin = 0;  // of what is yet to be copied
  for (size_t i = 0; i < text.size();) {
    const size_t length = ControlBytes(text.substr(i));
    if (length > 0) {
      escaped += text.substr(begin, i - begin);
      escaped += Escape(text[i + length - 1]);
      begin = i + length;
    }
    i += length > 0 ? length : 1;
  }
  escaped += text.substr(begin);
  return escaped;
}

}  // namespace quell
