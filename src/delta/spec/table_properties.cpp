#include "delta/spec/table_properties.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <string_view>

#include "base/error_classes.h"

namespace quell::delta {

namespace {

constexpr char kCheckpointInterval[] = "delta.checkpointInterval";
constexpr char kDeletedFileRetention[] = "delta.deletedFileRetentionDuration";
constexpr char kLogRetention[] = "delta.logRetentionDuration";
constexpr char kLogCleanup[] = "delta.enableExpiredLogCleanup";
constexpr char kIndexedColumns[] = "delta.dataSkippingNumIndexedCols";
constexpr char kEnablementVersion[] = "delta.inCommitTimestampEnablementVersion";
constexpr std::array<const char*, 6> kBooleans = {
    kLogCleanup,
    "delta.appendOnly",
    "delta.enableChangeDataFeed",
    "delta.enableDeletionVectors",
    "delta.enableInCommitTimestamps",
    "delta.enableRowTracking",
};

[[noreturn]] void ThrowInvalid(const char* key, const std::string& value, const char* wanted) {
  throw Error(quell::error_class::kInvalidParameterValue, "the table property {} is '{}'; it takes {}", key, value,
              wanted);
}

std::optional<int64_t> ParseNumber(std::string_view text) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// nullopt where the property is not set.
std::optional<int64_t> NumberOf(const Metadata& metadata, const char* key, int64_t min, const char* wanted) {
  const std::string* text = metadata.FindProperty(key);
  if (!text) return std::nullopt;
  const std::optional<int64_t> number = ParseNumber(*text);
  if (!number || *number < min) ThrowInvalid(key, *text, wanted);
  return number;
}

std::optional<int64_t> UnitMs(std::string_view unit) {
  static constexpr struct {
    std::string_view name;
    int64_t ms;
  } kUnits[] = {{"week", 604'800'000}, {"day", 86'400'000}, {"hour", 3'600'000},
                {"minute", 60'000},    {"second", 1'000},   {"millisecond", 1}};
  if (unit.ends_with('s')) unit.remove_suffix(1);
  for (const auto& [name, ms] : kUnits) {
    if (unit == name) return ms;
  }
  return std::nullopt;
}

// "interval 1 week", "36 hours", "interval 1 day 12 hours".
std::optional<int64_t> ParseDurationMs(std::string_view text) {
  const auto next_word = [&] {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    return word;
  };
  std::string_view word = next_word();
  if (word == "interval" || word == "INTERVAL") word = next_word();
  if (word.empty()) return std::nullopt;
  int64_t total = 0;
  for (; !word.empty(); word = next_word()) {
    const std::optional<int64_t> count = ParseNumber(word);
    const std::optional<int64_t> unit = UnitMs(next_word());
    if (!count || !unit || *count < 0 || *count > std::numeric_limits<int32_t>::max()) return std::nullopt;
    total += *count * *unit;
  }
  return total;
}

int64_t DurationMsOf(const Metadata& metadata, const char* key, int64_t otherwise) {
  const std::string* text = metadata.FindProperty(key);
  if (!text) return otherwise;
  const std::optional<int64_t> duration = ParseDurationMs(*text);
  if (!duration) ThrowInvalid(key, *text, "a duration such as 'interval 30 days'");
  return *duration;
}

}  // namespace

int64_t CheckpointInterval(const Metadata& metadata) {
  return NumberOf(metadata, kCheckpointInterval, 1, "a number of commits above 0").value_or(10);
}

int64_t DeletedFileRetentionMs(const Metadata& metadata) {
  return DurationMsOf(metadata, kDeletedFileRetention, *UnitMs("week"));
}

int64_t LogRetentionMs(const Metadata& metadata) { return DurationMsOf(metadata, kLogRetention, 30 * *UnitMs("day")); }

bool CleansUpExpiredLog(const Metadata& metadata) {
  return metadata.FindProperty(kLogCleanup) == nullptr || metadata.IsEnabled(kLogCleanup);
}

int64_t NumIndexedColumns(const Metadata& metadata) {
  constexpr int64_t kDefault = 32;
  const std::string* text = metadata.FindProperty(kIndexedColumns);
  return text ? ParseNumber(*text).value_or(kDefault) : kDefault;
}

std::optional<int64_t> InCommitTimestampEnablementVersion(const Metadata& metadata) {
  return NumberOf(metadata, kEnablementVersion, 0, "a version of the table");
}

void CheckProperties(const Metadata& metadata) {
  CheckpointInterval(metadata);
  DeletedFileRetentionMs(metadata);
  LogRetentionMs(metadata);
  NumberOf(metadata, kIndexedColumns, -1, "a number of columns, or -1 for all");
  InCommitTimestampEnablementVersion(metadata);
  for (const char* key : kBooleans) {
    const std::string* value = metadata.FindProperty(key);
    if (value && *value != "true" && *value != "false") ThrowInvalid(key, *value, "true or false");
  }
}

}  // namespace quell::delta
