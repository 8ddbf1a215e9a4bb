// Reads what a reader gives, down to the single value.
#pragma once

#include <numeric>
#include <vector>

#include "base/check.h"
#include "data/column.h"
#include "data/schema.h"

namespace quell::fuzz {

inline std::vector<int> AllColumns(const Schema& schema) {
  std::vector<int> columns(schema.num_fields());
  std::iota(columns.begin(), columns.end(), 0);
  return columns;
}

// Some of the values of a batch, first and last row included.
inline void UseValues(const Batch& batch) {
  constexpr int64_t kStep = 61;
  for (const Column& column : batch.columns) {
    for (int64_t row = 0; row < batch.num_rows; row += kStep) ValueAt(column, row);
    if (batch.num_rows > 0) ValueAt(column, batch.num_rows - 1);
  }
}

// `Reader::Next` gives batches until nullopt.
template <typename Reader>
void ReadRows(Reader&& reader) {
  while (const auto batch = reader.Next()) UseValues(*batch);
}

}  // namespace quell::fuzz
