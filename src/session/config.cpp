#include "session/config.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>

#include <unistd.h>

#include "base/error_classes.h"
#include "data/time_zone.h"

namespace quell {
namespace {

// What the values of a setting are; each is parsed when it is set, so that a wrong one fails at once.
enum class ValueKind { kText, kBool, kInt, kCount, kPrice, kBytes, kTimeZone, kTimestampType, kOverwriteMode };

// A count becomes an int, and counts threads: more of them than a thousand help nobody.
constexpr int64_t kMaxCount = 1024;

constexpr ErrorClass kInvalidTimeZone{"INVALID_CONF_VALUE.TIME_ZONE", "22022"};

struct KnownSetting {
  SettingInfo info;
  ValueKind kind;
};

const std::vector<KnownSetting>& Settings() {
  static const std::vector<KnownSetting> settings = {
      {{"quell.memory.limit", "70%",
        "peak resident memory that the engine adds: bytes with a unit, or % of the machine or cgroup"},
       ValueKind::kBytes},
      {{"quell.spill.dir", "", "folder of spill files; empty: TMPDIR, or /tmp"}, ValueKind::kText},
      {{"quell.spill.limit", "1TB", "bytes that all spill files together may take on disk"}, ValueKind::kBytes},
      {{"quell.threads", "0", "worker threads; 0: one for each core that the process may use"}, ValueKind::kCount},
      {{"quell.txn.appId", "", "application whose writes are idempotent, with quell.txn.version"}, ValueKind::kText},
      {{"quell.txn.version", "-1", "number of the application's transaction; one that was committed before is skipped"},
       ValueKind::kInt},
      {{"quell.price.dbu", "0.15", "price of a Databricks unit in $, for the cost report"}, ValueKind::kPrice},
      {{"quell.write.compression", "zstd", "codec of data files: zstd, snappy, gzip or none"}, ValueKind::kText},
      {{"quell.local.fsync", "true", "makes commits on local disks durable before they are acknowledged"},
       ValueKind::kBool},
      {{"spark.sql.ansi.enabled", "true", "raise errors for overflow, bad casts and division by zero"},
       ValueKind::kBool},
      {{"spark.sql.session.timeZone", "UTC", "zone of TIMESTAMP values in text and dates"}, ValueKind::kTimeZone},
      {{"spark.sql.sources.partitionOverwriteMode", "static",
        "what INSERT OVERWRITE replaces: what it names (static), or the partitions that rows come for (dynamic)"},
       ValueKind::kOverwriteMode},
      {{"spark.sql.timestampType", "TIMESTAMP_LTZ", "what TIMESTAMP means: TIMESTAMP_LTZ or TIMESTAMP_NTZ"},
       ValueKind::kTimestampType},
      {{"spark.sql.warehouse.dir", "spark-warehouse", "folder of tables without a path"}, ValueKind::kText},
  };
  return settings;
}

const KnownSetting* Find(std::string_view name) {
  const auto& settings = Settings();
  const auto it =
      std::find_if(settings.begin(), settings.end(), [&](const KnownSetting& k) { return name == k.info.name; });
  return it == settings.end() ? nullptr : &*it;
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  return lower;
}

std::optional<int64_t> ParseInt(std::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> ParseNumberPrefix(std::string_view text, size_t* length) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || value < 0 || !std::isfinite(value)) return std::nullopt;
  *length = static_cast<size_t>(end - text.data());
  return value;
}

// Units are binary, as Spark's and Java's are: 1k = 1024.
std::optional<int64_t> ParseBytes(std::string_view text) {
  size_t length = 0;
  const std::optional<double> number = ParseNumberPrefix(text, &length);
  if (!number) return std::nullopt;
  std::string unit = Lower(text.substr(length));
  unit.erase(std::remove(unit.begin(), unit.end(), ' '), unit.end());
  if (unit == "%") {
    if (*number > 100) return std::nullopt;
    return static_cast<int64_t>(static_cast<double>(AvailableMemoryBytes()) * *number / 100);
  }
  static const std::vector<std::pair<const char*, int>> kUnits = {
      {"", 0},     {"b", 0},  {"k", 10},  {"kb", 10},  {"kib", 10}, {"m", 20},  {"mb", 20},
      {"mib", 20}, {"g", 30}, {"gb", 30}, {"gib", 30}, {"t", 40},   {"tb", 40}, {"tib", 40},
  };
  for (const auto& [name, shift] : kUnits) {
    if (unit != name) continue;
    const double bytes = *number * static_cast<double>(int64_t{1} << shift);
    if (bytes >= 0x1p63) return std::nullopt;
    return static_cast<int64_t>(bytes);
  }
  return std::nullopt;
}

std::optional<int> ParseCount(std::string_view text) {
  const std::optional<int64_t> count = ParseInt(text);
  if (!count || *count < 0 || *count > kMaxCount) return std::nullopt;
  return static_cast<int>(*count);
}

std::optional<double> ParsePrice(std::string_view text) {
  size_t length = 0;
  const std::optional<double> price = ParseNumberPrefix(text, &length);
  return length == text.size() ? price : std::nullopt;
}

bool Parses(ValueKind kind, std::string_view value) {
  switch (kind) {
    case ValueKind::kText: return true;
    case ValueKind::kBool: return Lower(value) == "true" || Lower(value) == "false";
    case ValueKind::kInt: return ParseInt(value).has_value();
    case ValueKind::kCount: return ParseCount(value).has_value();
    case ValueKind::kPrice: return ParsePrice(value).has_value();
    case ValueKind::kBytes: return ParseBytes(value).has_value();
    case ValueKind::kTimeZone: return TimeZone::TryFind(value) != nullptr;
    case ValueKind::kTimestampType: return Lower(value) == "timestamp_ltz" || Lower(value) == "timestamp_ntz";
    case ValueKind::kOverwriteMode: return Lower(value) == "static" || Lower(value) == "dynamic";
  }
  return false;
}

const char* Expected(ValueKind kind) {
  switch (kind) {
    case ValueKind::kText: return "text";
    case ValueKind::kBool: return "true or false";
    case ValueKind::kInt: return "a whole number";
    case ValueKind::kCount: return "a whole number from 0 to 1024";
    case ValueKind::kPrice: return "a price in $ such as 0.20";
    case ValueKind::kBytes: return "a size such as 512MB, 2g or 70%";
    case ValueKind::kTimeZone: return "a zone such as Europe/Berlin, UTC or +02:00";
    case ValueKind::kTimestampType: return "TIMESTAMP_LTZ or TIMESTAMP_NTZ";
    case ValueKind::kOverwriteMode: return "static or dynamic";
  }
  return "";
}

std::optional<int64_t> ReadLimit(const char* path) {
  std::ifstream file(path);
  std::string text;
  if (!(file >> text)) return std::nullopt;
  return ParseInt(text);
}

}  // namespace

void Config::Set(std::string_view name, std::string_view value) {
  const KnownSetting* known = Find(name);
  if (!known && name.starts_with("quell.")) {
    throw Error(error_class::kInvalidConfValue, "unknown setting: {}; SET -v lists the settings", name);
  }
  if (known && !Parses(known->kind, value)) {
    throw Error(known->kind == ValueKind::kTimeZone ? kInvalidTimeZone : error_class::kInvalidConfValue,
                "{} cannot be '{}'; give {}", name, value, Expected(known->kind));
  }
  std::lock_guard lock(mutex_);
  values_.insert_or_assign(std::string(name), std::string(value));
}

void Config::Reset(std::string_view name) {
  std::lock_guard lock(mutex_);
  const auto it = values_.find(name);
  if (it != values_.end()) values_.erase(it);
}

void Config::ResetAll() {
  std::lock_guard lock(mutex_);
  values_.clear();
}

std::optional<std::string> Config::Get(std::string_view name) const {
  std::lock_guard lock(mutex_);
  const auto it = values_.find(name);
  if (it != values_.end()) return it->second;
  const KnownSetting* known = Find(name);
  if (known) return known->info.default_value;
  return std::nullopt;
}

std::map<std::string, std::string> Config::All() const {
  std::map<std::string, std::string> all;
  for (const KnownSetting& known : Settings()) all[known.info.name] = known.info.default_value;
  std::lock_guard lock(mutex_);
  for (const auto& [name, value] : values_) all[name] = value;
  return all;
}

bool Config::GetBool(std::string_view name) const { return Lower(Get(name).value_or("false")) == "true"; }

int64_t Config::GetInt(std::string_view name) const { return ParseInt(Get(name).value_or("0")).value_or(0); }

int Config::GetCount(std::string_view name) const { return ParseCount(Get(name).value_or("0")).value_or(0); }

double Config::GetPrice(std::string_view name) const { return ParsePrice(Get(name).value_or("0")).value_or(0); }

int64_t Config::GetBytes(std::string_view name) const { return ParseBytes(Get(name).value_or("0")).value_or(0); }

bool Config::timestamp_is_ntz() const { return Lower(Get("spark.sql.timestampType").value_or("")) == "timestamp_ntz"; }

const std::vector<SettingInfo>& Config::Known() {
  static const std::vector<SettingInfo> infos = [] {
    std::vector<SettingInfo> list;
    for (const KnownSetting& known : Settings()) list.push_back(known.info);
    return list;
  }();
  return infos;
}

int64_t AvailableMemoryBytes() {
  int64_t bytes = static_cast<int64_t>(sysconf(_SC_PHYS_PAGES)) * sysconf(_SC_PAGESIZE);
  for (const char* path : {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    if (const std::optional<int64_t> limit = ReadLimit(path); limit && *limit > 0) bytes = std::min(bytes, *limit);
  }
  return bytes;
}

}  // namespace quell
