// Counts from one number to another.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "execution/physical/node.h"
#include "execution/pipeline.h"

namespace quell::execution {

// Threads take a few batches at a time, in ascending order.
class RangeState final : public SharedSource, public std::enable_shared_from_this<RangeState> {
 public:
  RangeState(const RangeNode& node, int64_t batch_rows);

  int max_threads() const override;
  std::unique_ptr<Source> MakeSource() override;

  int64_t batch_rows() const { return batch_rows_; }
  int64_t num_rows() const { return num_rows_; }
  // The number of the first row of a morsel that nobody else has.
  int64_t TakeMorsel() { return next_row_.fetch_add(morsel_rows(), std::memory_order_relaxed); }
  int64_t morsel_rows() const { return 16 * batch_rows_; }
  Column Values(int64_t first_row, int64_t count) const;

 private:
  const int64_t begin_;
  const int64_t step_;
  const int64_t batch_rows_;
  const int64_t num_rows_;
  std::atomic<int64_t> next_row_{0};
};

}  // namespace quell::execution
