// Statistics that a checkpoint keeps as columns instead of JSON text.
#pragma once

#include <string>

#include <arrow/array.h>

namespace quell::delta {

// `stats_parsed` of a row as the JSON that `stats` would hold; empty for null.
std::string StatsJsonAt(const arrow::Array& stats_parsed, int64_t row);

}  // namespace quell::delta
