// What the log says of the rows of one data file, before it is opened.
#pragma once

#include <map>
#include <vector>

#include "delta/snapshot/snapshot.h"
#include "delta/stats/statistics.h"
#include "expression/expression.h"
#include "storage/column_range.h"

namespace quell::catalog {

// Immutable and thread-safe.
class FilePruning {
 public:
  explicit FilePruning(delta::SnapshotPtr snapshot);

  // The values of the partition columns, by position in the table's schema.
  std::map<int, Value> ConstantsOf(const delta::PartitionValues& values) const;
  // False when no row of the file makes all `conjuncts` true, whose InputRefs are positions in the table's schema.
  bool MayHoldRows(const ExprList& conjuncts, const delta::AddFile& file) const;

 private:
  storage::RangeLookup RangesOf(const delta::AddFile& file) const;

  const delta::SnapshotPtr snapshot_;
  const std::vector<delta::StatisticsColumn> statistics_columns_;
};

}  // namespace quell::catalog
