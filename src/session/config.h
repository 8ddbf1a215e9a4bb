// The settings of a session, by name. Spark's own names are taken where there is one.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fork_safe_mutex.h"

namespace quell {

// One setting that the engine knows.
struct SettingInfo {
  const char* name;
  const char* default_value;
  const char* description;
};

// Thread-safe. Settings that the engine does not know are kept, as Spark keeps them; those that begin with "quell."
// must be known.
class Config {
 public:
  // Throws INVALID_CONF_VALUE for a value that does not parse, and for an unknown "quell." name.
  void Set(std::string_view name, std::string_view value);
  void Reset(std::string_view name);
  void ResetAll();
  // What was set, else the default, else nothing.
  std::optional<std::string> Get(std::string_view name) const;
  std::map<std::string, std::string> All() const;

  bool GetBool(std::string_view name) const;
  int64_t GetInt(std::string_view name) const;
  // From 0 to 1024.
  int GetCount(std::string_view name) const;
  // In $.
  double GetPrice(std::string_view name) const;
  // "512MB", "2g", "70%" of the machine's (or cgroup's) memory.
  int64_t GetBytes(std::string_view name) const;

  // Whether spark.sql.timestampType is TIMESTAMP_NTZ.
  bool timestamp_is_ntz() const;

  static const std::vector<SettingInfo>& Known();

 private:
  mutable ForkSafeMutex mutex_{ForkSafeMutex::Rank::kConfig};
  std::map<std::string, std::string, std::less<>> values_;
};

// Memory that this process may use: the machine's, or less where a cgroup says so.
int64_t AvailableMemoryBytes();

}  // namespace quell
