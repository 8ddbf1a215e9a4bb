#include "base/one_line.h"

namespace quell {

std::string OneLine(std::string_view message) {
  std::string text;
  for (const char c : message) {
    const bool is_space = c == '\n' || c == '\r' || c == ' ';
    if (!is_space) {
      text += c;
    } else if (!text.empty() && text.back() != ' ') {
      text += ' ';
    }
  }
  text.erase(text.find_last_not_of(" .:") + 1);
  return text;
}

}  // namespace quell
