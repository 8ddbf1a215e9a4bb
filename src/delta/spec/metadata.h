// The metaData action: schema, partitioning and properties of the table.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quell::delta {

struct Metadata {
  std::string id;  // a UUID
  std::optional<std::string> name = {};
  std::optional<std::string> description = {};
  std::string format_provider = "parquet";
  std::map<std::string, std::string> format_options = {};
  std::string schema_string = {};  // JSON, see delta/schema
  std::vector<std::string> partition_columns = {};
  std::map<std::string, std::string> configuration = {};  // table properties
  std::optional<int64_t> created_time_ms = {};

  // nullptr when the property is not set.
  const std::string* FindProperty(const std::string& key) const {
    const auto found = configuration.find(key);
    return found == configuration.end() ? nullptr : &found->second;
  }
  // Whether a property is "true"; absent ones are not.
  bool IsEnabled(const std::string& key) const {
    const std::string* value = FindProperty(key);
    return value && *value == "true";
  }
  bool operator==(const Metadata&) const = default;
};

}  // namespace quell::delta
