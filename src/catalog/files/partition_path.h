// Hive-style partition folders: "year=2025/country=DE/part-0.parquet".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/schema.h"
#include "data/value.h"

namespace quell::catalog {

// The name that Hive and Spark write for a NULL.
inline constexpr std::string_view kHiveNull = "__HIVE_DEFAULT_PARTITION__";

// The name=value folders of a path relative to the table, unescaped, in order; nullopt is a NULL.
std::vector<std::pair<std::string, std::optional<std::string>>> ParsePartitionPath(std::string_view relative_path);

// Spark's inference over all values of one partition column: INT, BIGINT, DECIMAL, DOUBLE, DATE, TIMESTAMP, else
// STRING.
Type InferPartitionType(const std::vector<std::optional<std::string>>& values);
// The value as `type`, which InferPartitionType gave.
Value ParsePartitionValue(const std::optional<std::string>& text, const Type& type);

}  // namespace quell::catalog
