// A hash table of groups with the states of their aggregates: what one thread builds.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/memory_budget.h"
#include "execution/operators/aggregate/group_states.h"
#include "execution/operators/aggregate/group_table.h"
#include "execution/operators/aggregate/partitions.h"
#include "execution/physical/node.h"
#include "execution/resources.h"

namespace quell::execution {

// What all groupings of one operator have in common. Immutable.
struct GroupingPlan {
  GroupingPlan(std::shared_ptr<const AggregateNode> node, ResourcesPtr resources, OperatorCountersPtr counters);

  const std::shared_ptr<const AggregateNode> node;
  const ResourcesPtr resources;
  const OperatorCountersPtr counters;
  Schema partial_schema;  // of the keys and the exported states
  std::vector<Type> key_types;
  int max_array_bits = 0;
};
using GroupingPlanPtr = std::shared_ptr<const GroupingPlan>;

// Not thread-safe. All its memory is reserved from the budget; where that has no room, the groups move to partitions of
// `level`.
class Grouping {
 public:
  Grouping(GroupingPlanPtr plan, int level);
  ~Grouping();

  // Adds rows of the operator's input; or partial groups, such as Partitions keeps them.
  void AddInput(const Batch& input);
  void AddPartial(const Batch& groups);
  // Moves all groups to the partitions, and leaves the table empty.
  void MoveToPartitions();
  // Moves the partitions in memory to disk, and the groups, too.
  void Spill();

  int64_t num_groups() const { return table_->num_groups(); }
  // What does not fit here; nullptr while everything does.
  const std::shared_ptr<Partitions>& partitions() const { return partitions_; }
  // Groups [begin, end) as partial groups, and as the operator's output.
  Batch Partial(int64_t begin, int64_t end);
  Batch Result(int64_t begin, int64_t end);
  // What spilling would give back.
  int64_t memory_bytes() const { return reservation_.bytes() + (partitions_ ? partitions_->memory_bytes() : 0); }

 private:
  void MakeRoom(int64_t num_rows);
  void AfterRows(int64_t num_rows, int64_t groups_before);
  void Reset();
  int64_t memory_of_groups() const { return table_->memory_bytes() + states_->memory_bytes(); }

  const GroupingPlanPtr plan_;
  const int level_;
  MemoryReservation reservation_;
  std::unique_ptr<GroupTable> table_;
  std::unique_ptr<GroupStates> states_;
  std::shared_ptr<Partitions> partitions_;
  std::vector<uint32_t> group_ids_;
  std::vector<Column> keys_;
  int64_t expected_new_groups_;
  int64_t rows_since_move_ = 0;
  bool is_hashing_;      // the keys have too many values for grouping by array index
  bool reduces_ = true;  // the groups are much fewer than the rows
  int64_t max_groups_;   // after which groups move, if they are hardly fewer than the rows
};

}  // namespace quell::execution
