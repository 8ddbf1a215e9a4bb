// Statistics of a data file as add.stats holds them (PROTOCOL.md, "Per-file Statistics").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/schema.h"
#include "data/value.h"
#include "delta/spec/metadata.h"

namespace quell::delta {

// A column, or a member of a struct: physical names from the top down.
struct StatisticsColumn {
  std::vector<std::string> path;
  Type type;

  bool operator==(const StatisticsColumn&) const = default;
};

// Bounds are of the values that are not null.
struct ColumnStatistics {
  std::optional<Value> min = {};
  std::optional<Value> max = {};
  std::optional<int64_t> null_count = {};
};

struct FileStatistics {
  std::optional<int64_t> num_records = {};  // rows in the file, deleted ones included
  std::vector<ColumnStatistics> columns = {};
};

// The columns that statistics are kept of: the first 32 leaves (delta.dataSkippingNumIndexedCols), or those of
// delta.dataSkippingStatsColumns. Partition columns have none. `physical` is the table's physical schema.
std::vector<StatisticsColumn> StatisticsColumns(const Metadata& metadata, const Schema& schema, const Schema& physical);

// `statistics.columns` are those of `columns`, in the same order. Long strings are cut and timestamps rounded to
// milliseconds, outwards: bounds stay bounds. Types without an order that readers agree on get no bounds.
std::string StatisticsToJson(const std::vector<StatisticsColumn>& columns, const FileStatistics& statistics);

// What the text says of `columns`, in the same order; nothing where it cannot be read. Since other writers cut inwards,
// an upper bound of a timestamp is widened to the end of its millisecond, and that of a cut string to its prefix.
FileStatistics ParseStatistics(std::string_view json, const std::vector<StatisticsColumn>& columns);

}  // namespace quell::delta
