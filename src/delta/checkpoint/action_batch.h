// Actions as rows of a classic checkpoint.
#pragma once

#include <cstdint>
#include <memory>

#include <arrow/array/builder_nested.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include "delta/spec/action.h"

namespace quell::delta {

// The columns txn, add, remove, metaData, protocol, domainMetadata. Statistics are kept as JSON text.
std::shared_ptr<arrow::Schema> CheckpointSchema();

// Gathers rows until Finish makes a batch of them. Not thread-safe.
class ActionBatchBuilder {
 public:
  ActionBatchBuilder();
  // Actions that checkpoints do not keep are passed over.
  void Append(const Action& action);
  int64_t num_rows() const { return num_rows_; }
  // The batch of all rows so far; the builder starts anew.
  std::shared_ptr<arrow::RecordBatch> Finish();

 private:
  std::shared_ptr<arrow::Schema> schema_;
  std::vector<std::unique_ptr<arrow::ArrayBuilder>> columns_;
  int64_t num_rows_ = 0;
};

}  // namespace quell::delta
