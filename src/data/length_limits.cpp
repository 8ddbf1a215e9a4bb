#include "data/length_limits.h"

#include <algorithm>

#include "data/schema.h"

namespace quell {

namespace {

int64_t CountCharacters(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<uint8_t>(c) & 0xC0) != 0x80; });
}

std::string Print(const Type& type, const LengthLimits& limits) {
  const std::string length = "(" + std::to_string(limits.max_chars) + ")";
  if (limits.kind == LengthLimits::Kind::kChar) return "char" + length;
  if (limits.kind == LengthLimits::Kind::kVarchar) return "varchar" + length;
  if (limits.children.empty()) return type.ToString();
  const auto& children = type.children();
  if (type.id() == TypeId::kArray) return "array<" + Print(children[0].type, limits.children[0]) + ">";
  if (type.id() == TypeId::kMap) {
    return "map<" + Print(children[0].type, limits.children[0]) + "," + Print(children[1].type, limits.children[1]) +
           ">";
  }
  std::string text = "struct<";
  for (size_t i = 0; i < children.size(); ++i) {
    if (i > 0) text += ",";
    text += children[i].name + ":" + Print(children[i].type, limits.children[i]);
  }
  return text + ">";
}

}  // namespace

bool LengthLimits::any() const {
  return kind != Kind::kNone ||
         std::any_of(children.begin(), children.end(), [](const LengthLimits& child) { return child.any(); });
}

std::string ToString(const LimitedType& limited) { return Print(limited.type, limited.limits); }

bool FitsLimits(std::string_view text, const LengthLimits& limits) {
  // No character has less than a byte.
  return std::ssize(text) <= limits.max_chars || CountCharacters(text) <= limits.max_chars;
}

bool FitsLimits(const Value& value, const Type& type, const LengthLimits& limits) {
  if (value.is_null()) return true;
  if (limits.kind != LengthLimits::Kind::kNone) return FitsLimits(std::get<std::string>(value.data), limits);
  if (limits.children.empty()) return true;
  const auto& items = std::get<std::vector<Value>>(value.data);
  const auto& children = type.children();
  for (size_t i = 0; i < items.size(); ++i) {
    // The items of a list are all of one child, those of a map take turns.
    const size_t child = i % children.size();
    if (!FitsLimits(items[i], children[child].type, limits.children[child])) return false;
  }
  return true;
}

}  // namespace quell
