#include "catalog/delta/file_pruning.h"

#include <optional>

#include "catalog/files/prune_files.h"
#include "delta/schema/scalar_text.h"

namespace quell::catalog {

FilePruning::FilePruning(delta::SnapshotPtr snapshot)
    : snapshot_(std::move(snapshot)),
      statistics_columns_(
          delta::StatisticsColumns(snapshot_->metadata(), snapshot_->schema(), snapshot_->physical_schema())) {}

std::map<int, Value> FilePruning::ConstantsOf(const delta::PartitionValues& values) const {
  static const TimeZone& utc = TimeZone::Find("UTC");
  std::map<int, Value> constants;
  for (const std::string& partition : snapshot_->partition_columns()) {
    const std::optional<int> index = snapshot_->schema().IndexOf(partition);
    if (!index) continue;
    std::optional<std::string> text;
    for (const auto& [name, value] : values) {
      if (name == snapshot_->physical_schema().field(*index).name) text = value;
    }
    constants.emplace(*index, delta::ParsePartitionValue(text, snapshot_->schema().field(*index).type, utc));
  }
  return constants;
}

bool FilePruning::MayHoldRows(const ExprList& conjuncts, const delta::AddFile& file) const {
  return conjuncts.empty() || catalog::MayHoldRows(conjuncts, ConstantsOf(file.partition_values), RangesOf(file));
}

// Statistics are parsed when a filter asks for the first of them.
storage::RangeLookup FilePruning::RangesOf(const delta::AddFile& file) const {
  std::optional<delta::FileStatistics> parsed;
  return [this, &file, parsed](int input) mutable -> std::optional<storage::ColumnRange> {
    if (!parsed) parsed = delta::ParseStatistics(file.stats, statistics_columns_);
    const std::string& name = snapshot_->physical_schema().field(input).name;
    for (size_t i = 0; i < parsed->columns.size(); ++i) {
      const std::vector<std::string>& path = statistics_columns_[i].path;
      if (path.size() != 1 || path[0] != name) continue;
      const delta::ColumnStatistics& column = parsed->columns[i];
      return storage::ColumnRange{column.min, column.max, column.null_count, parsed->num_records};
    }
    return std::nullopt;
  };
}

}  // namespace quell::catalog
