// Batches as Arrow record batches that other programs read: decimals as decimal128, flat columns, no selection.
#pragma once

#include <memory>

#include "data/column.h"

namespace arrow {
class RecordBatch;
}

namespace quell {

// The schema of what ToRecordBatch gives.
std::shared_ptr<arrow::Schema> ToExchangeSchema(const Schema& schema);
// Shares memory where the columns are flat and nothing is filtered out.
std::shared_ptr<arrow::RecordBatch> ToRecordBatch(const Batch& batch, const Schema& schema);

}  // namespace quell
