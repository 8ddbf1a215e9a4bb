// Passes a range of the rows, in arrival order.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

#include "execution/pipeline.h"

namespace quell::execution {

// Rows that all threads together have seen. Thread-safe.
using RowCounter = std::atomic<int64_t>;

// Passes the rows numbered [offset, offset + limit) of the whole pipeline, and stops it when they have passed. One
// instance per thread; the threads share `rows_seen`.
class LimitTransform final : public Transform {
 public:
  LimitTransform(std::optional<int64_t> limit, int64_t offset, std::shared_ptr<RowCounter> rows_seen, StopFlag stop);
  Batch Apply(Batch input) override;

 private:
  const int64_t begin_;
  const int64_t end_;
  const std::shared_ptr<RowCounter> rows_seen_;
  const StopFlag stop_;
};

}  // namespace quell::execution
