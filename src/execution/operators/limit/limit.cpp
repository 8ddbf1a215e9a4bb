#include "execution/operators/limit/limit.h"

#include <algorithm>

namespace quell::execution {
namespace {

int64_t End(std::optional<int64_t> limit, int64_t offset) {
  if (!limit || *limit > INT64_MAX - offset) return INT64_MAX;
  return offset + *limit;
}

// The selected rows numbered [begin, end).
Batch Slice(Batch batch, int64_t begin, int64_t end) {
  Selection kept;
  kept.reserve(end - begin);
  for (int64_t i = begin; i < end; ++i)
    kept.push_back(batch.selection ? (*batch.selection)[i] : static_cast<int32_t>(i));
  batch.selection = std::make_shared<const Selection>(std::move(kept));
  return batch;
}

}  // namespace

LimitTransform::LimitTransform(std::optional<int64_t> limit, int64_t offset, std::shared_ptr<RowCounter> rows_seen,
                               StopFlag stop)
    : begin_(offset), end_(End(limit, offset)), rows_seen_(std::move(rows_seen)), stop_(std::move(stop)) {
  if (begin_ >= end_) stop_->store(true, std::memory_order_relaxed);
}

Batch LimitTransform::Apply(Batch input) {
  const int64_t count = input.num_selected();
  const int64_t first = rows_seen_->fetch_add(count, std::memory_order_relaxed);
  if (first + count >= end_) stop_->store(true, std::memory_order_relaxed);
  const int64_t begin = std::clamp<int64_t>(begin_ - first, 0, count);
  const int64_t end = std::clamp<int64_t>(end_ - first, begin, count);
  if (begin == 0 && end == count) return input;
  return Slice(std::move(input), begin, end);
}

}  // namespace quell::execution
