// Rows of a checkpoint as actions (PROTOCOL.md, "Checkpoint Schema").
#pragma once

#include <functional>
#include <memory>

#include <arrow/record_batch.h>

#include "delta/spec/action.h"

namespace quell::delta {

// Calls `visit` for the actions of each row. Columns that the batch does not have are passed over; where `add` has no
// text of its statistics, it is made from `stats_parsed`.
void ReadActionRows(const arrow::RecordBatch& batch, const std::function<void(Action&&)>& visit);

}  // namespace quell::delta
