// Batches for tests and fuzzers.
#pragma once

#include <vector>

#include "data/column.h"

namespace quell {

// One row of these values, each column a constant.
inline Batch MakeRow(const Schema& schema, const std::vector<Value>& values) {
  Batch batch;
  batch.num_rows = 1;
  for (int i = 0; i < schema.num_fields(); ++i) batch.columns.push_back(MakeConstant(schema.field(i).type, values[i]));
  return batch;
}

}  // namespace quell
