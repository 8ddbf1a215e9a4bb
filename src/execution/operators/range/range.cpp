#include "execution/operators/range/range.h"

#include <arrow/buffer.h>

#include <algorithm>

#include "base/arrow_result.h"
#include "base/error_classes.h"
#include "base/memory_pool.h"

namespace quell::execution {
namespace {

int64_t CountRows(const RangeNode& node) {
  const Int128 distance = Int128{node.end} - node.begin;
  if (node.step == 0 || distance == 0 || (distance > 0) != (node.step > 0)) return 0;
  const Int128 step = node.step;
  // More rows than that nobody waits for.
  return static_cast<int64_t>(std::min<Int128>((distance + step + (step > 0 ? -1 : 1)) / step, INT64_MAX));
}

class RangeSource final : public Source {
 public:
  explicit RangeSource(std::shared_ptr<RangeState> state) : state_(std::move(state)) {}

  std::optional<Batch> Next() override {
    if (next_ == end_) {
      next_ = std::min(state_->TakeMorsel(), state_->num_rows());
      end_ = std::min(next_ + state_->morsel_rows(), state_->num_rows());
      if (next_ == end_) return std::nullopt;
    }
    Batch batch;
    batch.num_rows = std::min(state_->batch_rows(), end_ - next_);
    batch.columns = {state_->Values(next_, batch.num_rows)};
    next_ += batch.num_rows;
    return batch;
  }

 private:
  const std::shared_ptr<RangeState> state_;
  int64_t next_ = 0;
  int64_t end_ = 0;
};

}  // namespace

RangeState::RangeState(const RangeNode& node, int64_t batch_rows)
    : begin_(node.begin), step_(node.step), batch_rows_(batch_rows), num_rows_(CountRows(node)) {}

int RangeState::max_threads() const {
  return static_cast<int>(std::min<int64_t>(num_rows_ / morsel_rows() + 1, 1 << 10));
}

std::unique_ptr<Source> RangeState::MakeSource() { return std::make_unique<RangeSource>(shared_from_this()); }

Column RangeState::Values(int64_t first_row, int64_t count) const {
  std::shared_ptr<arrow::Buffer> buffer =
      Unwrap(arrow::AllocateBuffer(count * static_cast<int64_t>(sizeof(int64_t)), EnginePool()),
             error_class::kOutOfMemory, "allocate a range");
  auto* values = buffer->mutable_data_as<int64_t>();
  // Unsigned, since the one past the last value may overflow.
  uint64_t value = static_cast<uint64_t>(begin_) + static_cast<uint64_t>(step_) * static_cast<uint64_t>(first_row);
  for (int64_t i = 0; i < count; ++i) {
    values[i] = static_cast<int64_t>(value);
    value += static_cast<uint64_t>(step_);
  }
  Column column{.type = Type(TypeId::kLong), .data = nullptr};
  column.data = arrow::ArrayData::Make(arrow::int64(), count, {nullptr, std::move(buffer)}, 0);
  return column;
}

}  // namespace quell::execution
