// One column of a row group, batch by batch.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "data/column.h"

namespace quell::storage {

// Rows [begin, end) of a row group.
struct RowRange {
  int64_t begin = 0;
  int64_t end = 0;

  int64_t size() const { return end - begin; }
  bool operator==(const RowRange&) const = default;
};

// Gives columns for ascending, disjoint ranges of rows. Not thread-safe. Errors name file, row group and column.
class ColumnSource {
 public:
  virtual ~ColumnSource() = default;
  // A column of rows.size() rows (or constant). Only rows within `wanted`, ascending and within `rows`, mean anything.
  virtual Column Read(RowRange rows, std::span<const RowRange> wanted) = 0;
  // Begins to fetch what the next Read needs, where files are remote.
  virtual void Prefetch() {}
};

}  // namespace quell::storage
