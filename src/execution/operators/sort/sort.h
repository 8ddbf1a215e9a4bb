// ORDER BY, and the first rows of an order.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "execution/operators/sort/sort_buffer.h"
#include "execution/pipeline.h"

namespace quell::execution {

// Each thread sorts its own rows; one thread merges what they leave, and puts it out in order. Thread-safe.
class SortState final : public SharedSink, public SharedSource, public std::enable_shared_from_this<SortState> {
 public:
  SortState(std::shared_ptr<const SortNode> node, ResourcesPtr resources, OperatorCountersPtr counters)
      : plan_(std::make_shared<SortPlan>(std::move(node), std::move(resources), std::move(counters))) {}

  std::unique_ptr<Sink> MakeSink() override;
  void Finalize() override {}
  int max_threads() const override { return 1; }
  std::unique_ptr<Source> MakeSource() override;

  const SortPlanPtr& plan() const { return plan_; }
  void Add(std::shared_ptr<const MemoryRun> memory_run, std::vector<SpilledRun> spilled_runs);

 private:
  const SortPlanPtr plan_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<const MemoryRun>> memory_runs_;
  std::vector<SpilledRun> spilled_runs_;
};

}  // namespace quell::execution
