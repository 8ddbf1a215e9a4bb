// The states of all aggregates of an operator, for the groups of one table.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "execution/operators/aggregate/number_accumulator.h"
#include "execution/physical/node.h"
#include "expression/aggregate_function.h"

namespace quell::execution {

// Not thread-safe.
class GroupStates {
 public:
  // Without `accumulates`, only Merge is called.
  GroupStates(const AggregateNode& node, bool accumulates);

  // Makes room for `num_groups`.
  void Reserve(int64_t num_groups);
  int64_t capacity() const { return capacity_; }
  // Adds the selected rows of a batch of the operator's input to their groups.
  void Update(const uint32_t* group_ids, const Batch& input);
  // The states of groups [begin, end) as columns, all steps after another; and adding such columns to groups.
  std::vector<Column> Export(int64_t begin, int64_t end);
  void Merge(const uint32_t* group_ids, std::span<const Column> states, const Rows& rows);
  // What the operator puts out for groups [begin, end).
  std::vector<Column> Finish(int64_t begin, int64_t end);

  int64_t memory_bytes() const;
  // What it would take at its peak while it grows to `num_groups`.
  int64_t BytesToGrowTo(int64_t num_groups) const;

 private:
  void MoveAccumulated();
  void UpdateStep(size_t step, const uint32_t* group_ids, const Batch& input, const Rows& rows);
  static int64_t NextCapacity(int64_t capacity, int64_t num_groups);

  const std::vector<AggregateStep>* const steps_;
  std::vector<std::unique_ptr<AggregateStates>> states_;  // of each step
  std::vector<std::unique_ptr<NumberAccumulator>> accumulators_;
  std::vector<bool> is_accumulated_;  // by step
  int64_t capacity_ = 0;
  Selection filtered_rows_;
  std::vector<uint32_t> filtered_groups_;
  std::vector<Column> arguments_;
};

}  // namespace quell::execution
