// GROUP BY and DISTINCT by hashing, in memory and on disk.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "execution/operators/aggregate/grouping.h"
#include "execution/pipeline.h"

namespace quell::execution {

// Each thread groups its own rows. Few groups are then merged into one table. Many are merged partition by partition,
// in parallel; a partition that does not fit in memory is partitioned again. Thread-safe.
class AggregateState final : public SharedSink,
                             public SharedSource,
                             public std::enable_shared_from_this<AggregateState> {
 public:
  AggregateState(std::shared_ptr<const AggregateNode> node, ResourcesPtr resources, OperatorCountersPtr counters);

  std::unique_ptr<Sink> MakeSink() override;
  void Finalize() override;
  int max_threads() const override;
  std::unique_ptr<Source> MakeSource() override;

  const GroupingPlanPtr& plan() const { return plan_; }
  // Takes over what a thread has grouped.
  void Add(std::unique_ptr<Grouping> grouping);
  // Several threads at work, so that many groups are better merged by several, too.
  bool is_parallel() const { return num_sinks_.load(std::memory_order_relaxed) > 1; }

  // The whole result, where it is one table; nullptr for all but the first caller.
  std::unique_ptr<Grouping> TakeWhole();
  // A partition that nobody else has.
  std::optional<int> TakePartition();
  // Merges a partition of what the threads have added.
  void MergePartition(int partition, Grouping* into);

 private:
  const GroupingPlanPtr plan_;
  std::atomic<int> num_sinks_{0};
  std::mutex mutex_;
  std::vector<std::unique_ptr<Grouping>> groupings_;
  std::unique_ptr<Grouping> whole_;
  std::vector<std::shared_ptr<Partitions>> partitions_;  // one of each thread
  std::atomic<int> next_partition_{0};
};

}  // namespace quell::execution
