#include "data/hive_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>
#include <vector>

namespace quell {
namespace {

std::string Base64(std::span<const uint8_t> bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t count = std::min<size_t>(3, bytes.size() - i);
    uint32_t group = 0;
    for (size_t j = 0; j < 3; ++j) group = group << 8 | (j < count ? bytes[i + j] : 0);
    for (size_t j = 0; j < 4; ++j) text += j <= count ? kDigits[group >> (18 - 6 * j) & 63] : '=';
  }
  return text;
}

std::string BinaryText(const std::string& value, const std::string& style) {
  const std::span bytes(reinterpret_cast<const uint8_t*>(value.data()), value.size());
  if (style == "HEX") return fmt::format("{:02X}", fmt::join(bytes, ""));
  if (style == "HEX_DISCRETE") return fmt::format("[{:02X}]", fmt::join(bytes, " "));
  if (style == "BASE64") return Base64(bytes);
  if (style == "BASIC") {
    const std::vector<int8_t> signed_bytes(value.begin(), value.end());
    return fmt::format("[{}]", fmt::join(signed_bytes, ", "));
  }
  return value;
}

std::string YearMonthText(int64_t months) {
  const int64_t magnitude = std::abs(months);
  return fmt::format("{}{}-{}", months < 0 ? "-" : "", magnitude / 12, magnitude % 12);
}

std::string DayTimeText(int64_t microseconds) {
  const uint64_t magnitude = microseconds < 0 ? -static_cast<uint64_t>(microseconds) : microseconds;
  const uint64_t seconds = magnitude / 1'000'000;
  return fmt::format("{}{} {:02}:{:02}:{:02}.{:09}", microseconds < 0 ? "-" : "", seconds / 86'400,
                     seconds / 3'600 % 24, seconds / 60 % 60, seconds % 60, magnitude % 1'000'000 * 1'000);
}

std::string Text(const Value& value, const Type& type, const HiveTextOptions& options, bool nested);

std::string StructText(const std::vector<Value>& members, const Type& type, const HiveTextOptions& options) {
  std::vector<std::string> texts;
  for (size_t i = 0; i < members.size(); ++i) {
    const Field& field = type.children()[i];
    texts.push_back(fmt::format("\"{}\":{}", field.name, Text(members[i], field.type, options, true)));
  }
  return fmt::format("{{{}}}", fmt::join(texts, ","));
}

// Entries in the order of their texts, so that equal maps print equally.
std::string MapText(const std::vector<Value>& entries, const Type& type, const HiveTextOptions& options) {
  std::vector<std::string> texts;
  for (size_t i = 0; i + 1 < entries.size(); i += 2) {
    texts.push_back(fmt::format("{}:{}", Text(entries[i], type.children()[0].type, options, true),
                                Text(entries[i + 1], type.children()[1].type, options, true)));
  }
  std::sort(texts.begin(), texts.end());
  return fmt::format("{{{}}}", fmt::join(texts, ","));
}

std::string ArrayText(const std::vector<Value>& elements, const Type& type, const HiveTextOptions& options) {
  std::vector<std::string> texts;
  for (const Value& element : elements) texts.push_back(Text(element, type.children()[0].type, options, true));
  return fmt::format("[{}]", fmt::join(texts, ","));
}

std::string Text(const Value& value, const Type& type, const HiveTextOptions& options, bool nested) {
  if (value.is_null()) return nested ? "null" : "NULL";
  switch (type.id()) {
    case TypeId::kString: {
      const auto& text = std::get<std::string>(value.data);
      return nested ? fmt::format("\"{}\"", text) : text;
    }
    case TypeId::kBinary: return BinaryText(std::get<std::string>(value.data), options.binary_style);
    case TypeId::kYearMonthInterval: return YearMonthText(std::get<int64_t>(value.data));
    case TypeId::kDayTimeInterval: return DayTimeText(std::get<int64_t>(value.data));
    case TypeId::kArray: return ArrayText(std::get<std::vector<Value>>(value.data), type, options);
    case TypeId::kMap: return MapText(std::get<std::vector<Value>>(value.data), type, options);
    case TypeId::kStruct: return StructText(std::get<std::vector<Value>>(value.data), type, options);
    default: return FormatValue(value, type, options.time_zone);
  }
}

}  // namespace

bool IsDescription(const Schema& schema) {
  constexpr const char* kNames[] = {"col_name", "data_type", "comment"};
  if (schema.num_fields() != 3) return false;
  for (int i = 0; i < 3; ++i) {
    if (schema.field(i).name != kNames[i] || schema.field(i).type.id() != TypeId::kString) return false;
  }
  return true;
}

std::string AlignedText(const Value& value) {
  return fmt::format("{:20}", value.is_null() ? "" : std::get<std::string>(value.data));
}

std::string HiveText(const Value& value, const Type& type, const HiveTextOptions& options) {
  return Text(value, type, options, false);
}

}  // namespace quell
