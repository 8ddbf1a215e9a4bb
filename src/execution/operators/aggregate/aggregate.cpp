#include "execution/operators/aggregate/aggregate.h"

#include <algorithm>

namespace quell::execution {
namespace {

// More groups than this are merged by partitions, on all threads.
constexpr int64_t kGroupsToPartition = 128 << 10;
constexpr int64_t kGroupsPerMerge = 16 << 10;

class AggregateSink final : public Sink, public Spillable {
 public:
  explicit AggregateSink(std::shared_ptr<AggregateState> state)
      : state_(std::move(state)),
        budget_(state_->plan()->resources->context.memory.get()),
        grouping_(std::make_unique<Grouping>(state_->plan(), 0)) {
    budget_->Register(this);
  }
  ~AggregateSink() override { budget_->Unregister(this); }

  void Consume(Batch input) override {
    if (spill_requested_.exchange(false, std::memory_order_relaxed)) grouping_->Spill();
    grouping_->AddInput(input);
    spillable_bytes_.store(grouping_->memory_bytes(), std::memory_order_relaxed);
  }

  void Combine() override {
    const bool has_many = state_->is_parallel() && grouping_->num_groups() > kGroupsToPartition;
    if (grouping_->partitions() || has_many) grouping_->MoveToPartitions();
    spillable_bytes_.store(0, std::memory_order_relaxed);
    state_->Add(std::move(grouping_));
  }

  int64_t spillable_bytes() const override { return spillable_bytes_.load(std::memory_order_relaxed); }
  void RequestSpill() override { spill_requested_.store(true, std::memory_order_relaxed); }

 private:
  const std::shared_ptr<AggregateState> state_;
  MemoryBudget* const budget_;
  std::unique_ptr<Grouping> grouping_;
  std::atomic<int64_t> spillable_bytes_{0};
  std::atomic<bool> spill_requested_{false};
};

class AggregateSource final : public Source {
 public:
  explicit AggregateSource(std::shared_ptr<AggregateState> state)
      : state_(std::move(state)), batch_rows_(state_->plan()->resources->context.batch_rows) {}

  std::optional<Batch> Next() override {
    while (!grouping_ || next_group_ == grouping_->num_groups()) {
      if (!NextGrouping()) return std::nullopt;
      next_group_ = 0;
    }
    const int64_t end = std::min(next_group_ + batch_rows_, grouping_->num_groups());
    Batch batch = grouping_->Result(next_group_, end);
    next_group_ = end;
    return batch;
  }

 private:
  // A partition that was too large, and was partitioned again.
  struct SubPartition {
    std::shared_ptr<Partitions> partitions;
    int partition;
    int level;  // of the partitions in it
  };

  bool NextGrouping() {
    grouping_.reset();  // Its memory is needed for the next.
    if (!pending_.empty()) {
      SubPartition next = std::move(pending_.back());
      pending_.pop_back();
      grouping_ = std::make_unique<Grouping>(state_->plan(), next.level);
      next.partitions->Drain(next.partition, [&](const Batch& groups) { grouping_->AddPartial(groups); });
      SplitIfTooLarge(next.level);
      return true;
    }
    if ((grouping_ = state_->TakeWhole())) return true;
    const std::optional<int> partition = state_->TakePartition();
    if (!partition) return false;
    grouping_ = std::make_unique<Grouping>(state_->plan(), 1);
    state_->MergePartition(*partition, grouping_.get());
    SplitIfTooLarge(1);
    return true;
  }

  void SplitIfTooLarge(int level) {
    if (!grouping_->partitions()) return;
    grouping_->MoveToPartitions();
    for (int p = 0; p < kNumPartitions; ++p) {
      if (!grouping_->partitions()->is_empty(p)) pending_.push_back({grouping_->partitions(), p, level + 1});
    }
  }

  const std::shared_ptr<AggregateState> state_;
  const int64_t batch_rows_;
  std::unique_ptr<Grouping> grouping_;
  int64_t next_group_ = 0;
  std::vector<SubPartition> pending_;
};

void MergeWhole(Grouping* from, Grouping* into) {
  for (int64_t begin = 0; begin < from->num_groups(); begin += kGroupsPerMerge) {
    into->AddPartial(from->Partial(begin, std::min(begin + kGroupsPerMerge, from->num_groups())));
  }
}

}  // namespace

AggregateState::AggregateState(std::shared_ptr<const AggregateNode> node, ResourcesPtr resources,
                               OperatorCountersPtr counters)
    : plan_(std::make_shared<GroupingPlan>(std::move(node), std::move(resources), std::move(counters))) {}

std::unique_ptr<Sink> AggregateState::MakeSink() {
  ++num_sinks_;
  return std::make_unique<AggregateSink>(shared_from_this());
}

std::unique_ptr<Source> AggregateState::MakeSource() { return std::make_unique<AggregateSource>(shared_from_this()); }

void AggregateState::Add(std::unique_ptr<Grouping> grouping) {
  std::lock_guard lock(mutex_);
  groupings_.push_back(std::move(grouping));
}

void AggregateState::Finalize() {
  // The largest table takes the others in, unless they are in partitions already, or come to be.
  std::sort(groupings_.begin(), groupings_.end(),
            [](const auto& a, const auto& b) { return a->num_groups() > b->num_groups(); });
  const bool is_whole =
      std::none_of(groupings_.begin(), groupings_.end(), [](const auto& g) { return g->partitions(); });
  if (is_whole) {
    whole_ = groupings_.empty() ? std::make_unique<Grouping>(plan_, 0) : std::move(groupings_[0]);
    for (size_t i = 1; i < groupings_.size() && !whole_->partitions(); ++i) {
      MergeWhole(groupings_[i].get(), whole_.get());
      groupings_[i].reset();
    }
    std::erase(groupings_, nullptr);
    if (!whole_->partitions()) return;
    groupings_.push_back(std::move(whole_));
  }
  for (const auto& grouping : groupings_) {
    grouping->MoveToPartitions();
    partitions_.push_back(grouping->partitions());
  }
  groupings_.clear();
}

int AggregateState::max_threads() const { return partitions_.empty() ? 1 : kNumPartitions; }

std::unique_ptr<Grouping> AggregateState::TakeWhole() {
  std::lock_guard lock(mutex_);
  return std::move(whole_);
}

std::optional<int> AggregateState::TakePartition() {
  if (partitions_.empty()) return std::nullopt;
  const int partition = next_partition_.fetch_add(1, std::memory_order_relaxed);
  return partition < kNumPartitions ? std::optional<int>(partition) : std::nullopt;
}

void AggregateState::MergePartition(int partition, Grouping* into) {
  for (const auto& partitions : partitions_) {
    partitions->Drain(partition, [&](const Batch& groups) { into->AddPartial(groups); });
  }
}

}  // namespace quell::execution
