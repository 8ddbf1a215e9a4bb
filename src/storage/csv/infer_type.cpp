#include "storage/csv/infer_type.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "data/schema.h"
#include "expression/datetime_text.h"

namespace quell::storage {

namespace {

template <typename T>
bool Parses(std::string_view text) {
  if (!text.empty() && text[0] == '+') text.remove_prefix(1);
  T value;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

// "2024" alone is a number, and "2024-01" no date that anyone means.
bool LooksLikeDate(std::string_view text) {
  constexpr size_t kShortest = 8;  // 2024-1-1
  return text.size() >= kShortest && text[0] >= '0' && text[0] <= '9' && text.find('-') != std::string_view::npos;
}

TypeId TypeOf(std::string_view text) {
  if (Parses<int32_t>(text)) return TypeId::kInt;
  if (Parses<int64_t>(text)) return TypeId::kLong;
  const char first = text.empty() ? ' ' : text[0];
  const bool is_number_like = (first >= '0' && first <= '9') || first == '-' || first == '+' || first == '.';
  if (is_number_like && Parses<double>(text)) return TypeId::kDouble;
  if (text == "NaN") return TypeId::kDouble;
  if (LooksLikeDate(text)) {
    const bool has_time = text.find_first_of(" T:") != std::string_view::npos;
    if (!has_time && ParseDate(text)) return TypeId::kDate;
    if (has_time && ParseTimestamp(text)) return TypeId::kTimestamp;
  }
  if (SameName(text, "true") || SameName(text, "false")) return TypeId::kBoolean;
  return TypeId::kString;
}

bool IsNumber(TypeId id) { return id == TypeId::kInt || id == TypeId::kLong || id == TypeId::kDouble; }
bool IsInstant(TypeId id) { return id == TypeId::kDate || id == TypeId::kTimestamp; }

}  // namespace

void TextTypeInference::Add(std::string_view value) {
  if (is_final()) return;
  const TypeId found = TypeOf(value);
  if (id_ == TypeId::kNull || found == id_) {
    id_ = found;
  } else if ((IsNumber(id_) && IsNumber(found)) || (IsInstant(id_) && IsInstant(found))) {
    id_ = std::max(id_, found);
  } else {
    id_ = TypeId::kString;
  }
}

}  // namespace quell::storage
