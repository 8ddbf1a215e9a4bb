// The outputs, one for each format.
#pragma once

#include "output.h"

namespace quell::cli::output {

std::unique_ptr<Output> MakeTableOutput(const Settings& settings, std::FILE* file);
std::unique_ptr<Output> MakeTsvOutput(const Settings& settings, std::FILE* file);
std::unique_ptr<Output> MakeCsvOutput(const Settings& settings, std::FILE* file);
std::unique_ptr<Output> MakeJsonOutput(const Settings& settings, std::FILE* file);
std::unique_ptr<Output> MakeArrowOutput(std::FILE* file);

// Calls f(column index, value) for each value of a row, and `end_row` behind each row.
template <typename Cell, typename EndRow>
void ForEachCell(const Batch& batch, const Cell& cell, const EndRow& end_row) {
  const int64_t count = batch.num_selected();
  for (int64_t k = 0; k < count; ++k) {
    const int64_t row = batch.selection ? (*batch.selection)[k] : k;
    for (size_t i = 0; i < batch.columns.size(); ++i) cell(i, ValueAt(batch.columns[i], row));
    end_row();
  }
}

}  // namespace quell::cli::output
