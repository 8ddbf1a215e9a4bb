#include "storage/json/huge_numbers.h"

#include <charconv>
#include <cmath>
#include <cstdint>

namespace quell::storage {
namespace {

bool IsNumberPart(char c) { return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E'; }

template <typename T>
bool Fits(std::string_view number) {
  T value = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  return error == std::errc() && end == number.data() + number.size();
}

bool IsHuge(std::string_view number) {
  if (number.find_first_of(".eE") != std::string_view::npos) return !Fits<double>(number);
  return !Fits<int64_t>(number) && !Fits<uint64_t>(number);
}

// Behind the string that begins at `begin`.
size_t EndOfString(std::string_view json, size_t begin) {
  for (size_t i = begin + 1; i < json.size(); ++i) {
    if (json[i] == '\\') {
      ++i;
    } else if (json[i] == '"') {
      return i + 1;
    }
  }
  return json.size();
}

}  // namespace

std::string QuoteHugeNumbers(std::string_view json) {
  std::string quoted;
  size_t i = 0;
  while (i < json.size()) {
    const size_t begin = i;
    const bool is_number = json[i] == '-' || (json[i] >= '0' && json[i] <= '9');
    if (json[i] == '"') {
      i = EndOfString(json, i);
    } else if (is_number) {
      while (i < json.size() && IsNumberPart(json[i])) ++i;
    } else {
      ++i;
    }
    const std::string_view part = json.substr(begin, i - begin);
    const bool is_huge = is_number && IsHuge(part);
    if (is_huge) quoted += '"';
    quoted += part;
    if (is_huge) quoted += '"';
  }
  return quoted;
}

}  // namespace quell::storage
