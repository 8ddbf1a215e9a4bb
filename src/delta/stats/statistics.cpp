#include "delta/stats/statistics.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/check.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include "data/civil.h"
#include "data/format.h"
#include "delta/schema/scalar_text.h"
#include "delta/spec/json_fields.h"
#include "delta/spec/table_properties.h"

namespace quell::delta {

namespace {

using simdjson::dom::object;

constexpr int64_t kMaxCharacters = 32;                 // of a string bound, as Spark cuts them
constexpr char kLastCharacter[] = "\xF4\x8F\xBF\xBF";  // U+10FFFF, behind all others
constexpr int64_t kMicrosPerMilli = 1000;

// Bytes of the first 32 characters of UTF-8 text; all of them when it has no more.
size_t PrefixLength(const std::string& text) {
  int64_t characters = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (BeginsChar(text[i]) && ++characters > kMaxCharacters) return i;
  }
  return text.size();
}

std::string FormatMillis(int64_t us, bool has_zone) {
  const int64_t days = FloorDiv(us, kMicrosPerDay);
  const int64_t time = FloorMod(us, kMicrosPerDay);
  return fmt::format("{}T{:02}:{:02}:{:02}.{:03}{}", FormatDate(days), time / kMicrosPerHour,
                     time / kMicrosPerMinute % 60, time / kMicrosPerSecond % 60,
                     time % kMicrosPerSecond / kMicrosPerMilli, has_zone ? "Z" : "");
}

enum class Bound { kMin, kMax };

// The JSON of a bound; empty when it has none.
std::string BoundToJson(const std::optional<Value>& value, const Type& type, Bound bound) {
  if (!value || value->is_null()) return {};
  const bool is_max = bound == Bound::kMax;
  switch (type.id()) {
    case TypeId::kByte:
    case TypeId::kShort:
    case TypeId::kInt:
    case TypeId::kLong:
    case TypeId::kDecimal: return FormatValue(*value, type);
    case TypeId::kFloat:
    case TypeId::kDouble: return std::isfinite(std::get<double>(value->data)) ? FormatValue(*value, type) : "";
    case TypeId::kDate: return QuoteJson(FormatValue(*value, type));
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz: {
      const int64_t us = std::get<int64_t>(value->data);
      const int64_t millis = FloorDiv(us, kMicrosPerMilli) + (is_max && FloorMod(us, kMicrosPerMilli) != 0);
      int64_t rounded_us = 0;
      if (__builtin_mul_overflow(millis, kMicrosPerMilli, &rounded_us)) return {};
      return QuoteJson(FormatMillis(rounded_us, type.id() == TypeId::kTimestamp));
    }
    case TypeId::kString: {
      const std::string& text = std::get<std::string>(value->data);
      const size_t length = PrefixLength(text);
      std::string prefix = text.substr(0, length);
      if (is_max && length < text.size()) prefix += kLastCharacter;
      return QuoteJson(prefix);
    }
    default: return {};
  }
}

// A leaf with its JSON, to be put into nested objects.
struct Leaf {
  const std::vector<std::string>* path;
  std::string json;
};

// Writes the members of `leaves` that share the first `depth` names of their paths.
void WriteLeaves(const std::vector<Leaf>& leaves, size_t depth, JsonWriter* json) {
  json->BeginObject();
  std::vector<bool> is_done(leaves.size());
  for (size_t i = 0; i < leaves.size(); ++i) {
    if (is_done[i]) continue;
    const std::string& name = (*leaves[i].path)[depth];
    json->Key(name);
    if (leaves[i].path->size() == depth + 1) {
      json->Raw(leaves[i].json);
      continue;
    }
    std::vector<Leaf> members;
    for (size_t k = i; k < leaves.size(); ++k) {
      if (leaves[k].path->size() <= depth + 1 || (*leaves[k].path)[depth] != name) continue;
      members.push_back(leaves[k]);
      is_done[k] = true;
    }
    WriteLeaves(members, depth + 1, json);
  }
  json->EndObject();
}

template <typename ToJson>
void WriteGroup(JsonWriter* json, const char* key, const std::vector<StatisticsColumn>& columns,
                const FileStatistics& statistics, const ToJson& to_json) {
  std::vector<Leaf> leaves;
  for (size_t i = 0; i < columns.size(); ++i) {
    std::string text = to_json(statistics.columns[i], columns[i].type);
    if (!text.empty()) leaves.push_back({&columns[i].path, std::move(text)});
  }
  json->Key(key);
  WriteLeaves(leaves, 0, json);
}

// The element at the path below `key`.
std::optional<JsonElement> Find(const object& statistics, std::string_view key, const std::vector<std::string>& path) {
  auto element = FindMember(statistics, key);
  for (const std::string& name : path) {
    object members;
    if (!element || element->get(members) != simdjson::SUCCESS) return std::nullopt;
    element = FindMember(members, name);
  }
  return element;
}

std::optional<Value> ParseBound(const std::optional<JsonElement>& element, const Type& type, Bound bound) {
  constexpr int32_t kExactDigits = 15;  // decimal digits that survive a double
  static const TimeZone& utc = TimeZone::Find("UTC");
  if (!element) return std::nullopt;
  const bool is_inexact = element->is_double() && type.id() == TypeId::kDecimal && type.precision() > kExactDigits;
  if (is_inexact) return std::nullopt;
  auto value = ParseScalar(TextOf(*element), type, utc);
  if (!value || bound == Bound::kMin) return value;
  if (type.id() == TypeId::kTimestamp || type.id() == TypeId::kTimestampNtz) {
    auto& us = std::get<int64_t>(value->data);
    us = std::min(us, INT64_MAX - (kMicrosPerMilli - 1)) + (kMicrosPerMilli - 1);
  } else if (type.id() == TypeId::kString) {
    auto& prefix = std::get<std::string>(value->data);
    if (CountChars(prefix) >= kMaxCharacters) prefix += kLastCharacter;
  }
  return value;
}

void CollectLeaves(const Field& field, const Field& physical, std::vector<std::string> logical_path,
                   std::vector<std::string> path, std::vector<std::pair<std::string, StatisticsColumn>>* leaves) {
  logical_path.push_back(field.name);
  path.push_back(physical.name);
  if (field.type.id() == TypeId::kStruct) {
    for (size_t i = 0; i < field.type.children().size(); ++i) {
      CollectLeaves(field.type.children()[i], physical.type.children()[i], logical_path, path, leaves);
    }
    return;
  }
  std::string name;
  for (const std::string& part : logical_path) name += (name.empty() ? "" : ".") + part;
  leaves->emplace_back(std::move(name), StatisticsColumn{std::move(path), physical.type});
}

// "a, b.c": true when it names the leaf or a struct around it.
bool IsListed(const std::string& list, const std::string& leaf) {
  for (size_t begin = 0; begin < list.size();) {
    size_t end = std::min(list.find(',', begin), list.size());
    std::string name = list.substr(begin, end - begin);
    std::erase(name, ' ');
    std::erase(name, '`');
    if (leaf == name || leaf.starts_with(name + ".")) return true;
    begin = end + 1;
  }
  return false;
}

}  // namespace

std::vector<StatisticsColumn> StatisticsColumns(const Metadata& metadata, const Schema& schema,
                                                const Schema& physical) {
  std::vector<std::pair<std::string, StatisticsColumn>> leaves;
  for (int i = 0; i < schema.num_fields(); ++i) {
    const auto& partitions = metadata.partition_columns;
    const bool is_partition = std::any_of(partitions.begin(), partitions.end(), [&](const std::string& name) {
      return SameName(name, schema.field(i).name);
    });
    if (!is_partition) CollectLeaves(schema.field(i), physical.field(i), {}, {}, &leaves);
  }
  const std::string* listed = metadata.FindProperty("delta.dataSkippingStatsColumns");
  const int64_t limit = NumIndexedColumns(metadata);
  std::vector<StatisticsColumn> columns;
  for (auto& [name, column] : leaves) {
    const bool is_chosen = listed ? IsListed(*listed, name) : limit < 0 || static_cast<int64_t>(columns.size()) < limit;
    if (is_chosen) columns.push_back(std::move(column));
  }
  return columns;
}

std::string StatisticsToJson(const std::vector<StatisticsColumn>& columns, const FileStatistics& statistics) {
  QUELL_CHECK(columns.size() == statistics.columns.size());
  JsonWriter json;
  json.BeginObject().Member("numRecords", statistics.num_records);
  WriteGroup(&json, "minValues", columns, statistics, [](const ColumnStatistics& column, const Type& type) {
    return BoundToJson(column.min, type, Bound::kMin);
  });
  WriteGroup(&json, "maxValues", columns, statistics, [](const ColumnStatistics& column, const Type& type) {
    return BoundToJson(column.max, type, Bound::kMax);
  });
  WriteGroup(&json, "nullCount", columns, statistics, [](const ColumnStatistics& column, const Type&) {
    return column.null_count ? std::to_string(*column.null_count) : std::string();
  });
  json.EndObject();
  return json.Take();
}

FileStatistics ParseStatistics(std::string_view json, const std::vector<StatisticsColumn>& columns) {
  FileStatistics statistics;
  statistics.columns.resize(columns.size());
  simdjson::dom::parser parser;
  object members;
  if (json.empty() || parser.parse(json.data(), json.size(), true).get(members) != simdjson::SUCCESS) return statistics;
  try {
    statistics.num_records = Optional<int64_t>(members, "numRecords");
    for (size_t i = 0; i < columns.size(); ++i) {
      ColumnStatistics& column = statistics.columns[i];
      column.min = ParseBound(Find(members, "minValues", columns[i].path), columns[i].type, Bound::kMin);
      column.max = ParseBound(Find(members, "maxValues", columns[i].path), columns[i].type, Bound::kMax);
      const auto null_count = Find(members, "nullCount", columns[i].path);
      if (null_count && null_count->is_int64()) column.null_count = As<int64_t>(*null_count, "nullCount");
    }
  } catch (const MalformedJson&) {
    // Statistics only help: without them nothing is skipped.
  }
  return statistics;
}

}  // namespace quell::delta
