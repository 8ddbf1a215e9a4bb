#include "execution/operators/aggregate/partitions.h"

#include <numeric>

namespace quell::execution {
namespace {

Batch SliceOf(const Batch& batch, int64_t begin, int64_t count) {
  Batch slice;
  slice.num_rows = count;
  for (const Column& column : batch.columns) slice.columns.push_back(Slice(column, begin, count));
  return slice;
}

}  // namespace

Partitions::Partitions(Schema schema, const Resources& resources, OperatorCountersPtr counters)
    : budget_(resources.context.memory),
      reservation_(resources.context.memory, "hash aggregate"),
      file_(std::move(schema), resources.spill_space, std::move(counters)) {}

// Partitions leave a good part of the budget to the tables that are built next to them, and to those that merge them.
bool Partitions::HasRoom(int64_t bytes) const {
  return budget_->reserved_bytes() + bytes <= budget_->limit_bytes() / 10 * 6;
}

void Partitions::Append(const Batch& groups, const std::vector<uint64_t>& hashes, int level) {
  // A counting sort by partition.
  std::array<int32_t, kNumPartitions + 1> begins{};
  for (const uint64_t hash : hashes) ++begins[PartitionOf(hash, level) + 1];
  std::partial_sum(begins.begin(), begins.end(), begins.begin());
  std::vector<int32_t> order(hashes.size());
  std::array<int32_t, kNumPartitions + 1> next = begins;
  for (size_t i = 0; i < hashes.size(); ++i) order[next[PartitionOf(hashes[i], level)]++] = static_cast<int32_t>(i);

  Batch sorted;
  sorted.num_rows = groups.num_rows;
  for (const Column& column : groups.columns) sorted.columns.push_back(Take(column, order));
  const bool fits =
      HasRoom(sorted.memory_bytes()) && reservation_.TryResize(reservation_.bytes() + sorted.memory_bytes());
  if (!fits) Spill();
  for (int p = 0; p < kNumPartitions; ++p) {
    const int32_t count = begins[p + 1] - begins[p];
    if (count == 0) continue;
    Batch slice = SliceOf(sorted, begins[p], count);
    if (fits) {
      parts_[p].batches.push_back(std::move(slice));
    } else {
      parts_[p].blocks.push_back(file_.Append(slice));
    }
  }
}

void Partitions::Spill() {
  for (Part& part : parts_) {
    for (const Batch& batch : part.batches) part.blocks.push_back(file_.Append(batch));
    part.batches = {};
  }
  reservation_.Resize(0);
}

}  // namespace quell::execution
