#include "base/escape_controls.h"

#include <algorithm>

#include <fmt/format.h>

namespace quell {

std::string EscapeControls(std::string_view text) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 127; };
  if (std::none_of(text.begin(), text.end(), is_control)) return std::string(text);
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '\n': escaped += "\\n"; break;
      case '\r': escaped += "\\r"; break;
      case '\t': escaped += "\\t"; break;
      default: escaped += is_control(c) ? fmt::format("\\x{:02X}", c) : std::string(1, c);
    }
  }
  return escaped;
}

}  // namespace quell
