#include "data/length_limits.h"

#include <algorithm>

#include "base/utf8.h"
#include "data/buffers.h"
#include "data/schema.h"

namespace quell {

namespace {

// Type::ToString leaves names as they are, which cannot always be read again.
std::string Print(const Type& type, const LengthLimits& limits) {
  static const LengthLimits kNone;
  const std::string length = "(" + std::to_string(limits.max_chars) + ")";
  if (limits.kind == LengthLimits::Kind::kChar) return "char" + length;
  if (limits.kind == LengthLimits::Kind::kVarchar) return "varchar" + length;
  const auto& children = type.children();
  const auto child = [&](size_t i) {
    return Print(children[i].type, limits.children.empty() ? kNone : limits.children[i]);
  };
  if (type.id() == TypeId::kArray) return "array<" + child(0) + ">";
  if (type.id() == TypeId::kMap) return "map<" + child(0) + "," + child(1) + ">";
  if (type.id() != TypeId::kStruct) return type.ToString();
  std::string text = "struct<";
  for (size_t i = 0; i < children.size(); ++i) {
    text += (i > 0 ? "," : "") + QuoteIfNeeded(children[i].name) + ":" + child(i);
  }
  return text + ">";
}

Column ChildOf(const Column& parent, size_t child) {
  const bool is_map = parent.type.id() == TypeId::kMap;
  const arrow::ArrayData& data = is_map ? *parent.data->child_data[0] : *parent.data;
  return {parent.type.children()[child].type, Encoding::kFlat, data.child_data[child]};
}

// A byte for each of `count` items from `begin` on: 1 where it fits.
std::vector<uint8_t> FitsOf(const Column& column, const LengthLimits& limits, int64_t begin, int64_t count) {
  const arrow::ArrayData& data = *column.data;
  std::vector<uint8_t> fits(static_cast<size_t>(count), 1);
  if (count == 0 || !limits.any()) return fits;
  if (limits.kind != LengthLimits::Kind::kNone) {
    const StringReader texts(column);
    for (int64_t i = 0; i < count; ++i) fits[i] = FitsLimits(texts[begin + i], limits);
  } else if (column.type.id() == TypeId::kStruct) {
    for (size_t child = 0; child < limits.children.size(); ++child) {
      const auto members = FitsOf(ChildOf(column, child), limits.children[child], data.offset + begin, count);
      for (int64_t i = 0; i < count; ++i) fits[i] &= members[i];
    }
  } else {
    const int32_t* offsets = data.GetValues<int32_t>(1) + begin;
    const int64_t first = column.type.id() == TypeId::kMap ? data.child_data[0]->offset : 0;
    for (size_t child = 0; child < limits.children.size(); ++child) {
      const auto items =
          FitsOf(ChildOf(column, child), limits.children[child], first + offsets[0], offsets[count] - offsets[0]);
      for (int64_t i = 0; i < count; ++i) {
        for (int32_t item = offsets[i]; item < offsets[i + 1]; ++item) fits[i] &= items[item - offsets[0]];
      }
    }
  }
  // Below NULL there may be anything.
  if (const uint8_t* validity = column.validity()) {
    for (int64_t i = 0; i < count; ++i) fits[i] |= !GetBit(validity, data.offset + begin + i);
  }
  return fits;
}

}  // namespace

bool LengthLimits::any() const {
  return kind != Kind::kNone ||
         std::any_of(children.begin(), children.end(), [](const LengthLimits& child) { return child.any(); });
}

std::string ToString(const LimitedType& limited) { return Print(limited.type, limited.limits); }

bool FitsLimits(std::string_view text, const LengthLimits& limits) {
  // No character has less than a byte.
  return std::ssize(text) <= limits.max_chars || CountChars(text) <= limits.max_chars;
}

std::vector<uint8_t> FitsLimits(const Column& column, const LengthLimits& limits) {
  return FitsOf(column, limits, 0, column.length());
}

}  // namespace quell
