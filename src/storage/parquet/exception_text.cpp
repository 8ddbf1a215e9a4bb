#include "storage/parquet/exception_text.h"

#include <string_view>

namespace quell::storage {

std::string ExceptionText(const std::exception& exception) {
  std::string text;
  for (const char c : std::string_view(exception.what())) {
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

}  // namespace quell::storage
