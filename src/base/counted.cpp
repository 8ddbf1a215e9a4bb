#include "base/counted.h"

#include <fmt/format.h>

namespace quell {

std::string GroupDigits(int64_t number) {
  std::string text = std::to_string(number);
  for (auto i = static_cast<int64_t>(text.size()) - 3; i > (number < 0); i -= 3) text.insert(i, ",");
  return text;
}

std::string Counted(int64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", GroupDigits(number), noun, number == 1 ? "" : "s");
}

}  // namespace quell
