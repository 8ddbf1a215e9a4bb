#include "execution/operators/sort/sort.h"

#include <algorithm>

#include "execution/operators/sort/merge.h"

namespace quell::execution {
namespace {

class SortSink final : public Sink, public Spillable {
 public:
  explicit SortSink(std::shared_ptr<SortState> state)
      : state_(std::move(state)), budget_(state_->plan()->resources->context.memory.get()), buffer_(state_->plan()) {
    budget_->Register(this);
  }
  ~SortSink() override { budget_->Unregister(this); }

  void Consume(Batch input) override {
    if (spill_requested_.exchange(false, std::memory_order_relaxed)) buffer_.Spill();
    buffer_.Add(input);
    spillable_bytes_.store(buffer_.memory_bytes(), std::memory_order_relaxed);
  }

  void Combine() override {
    // What reads the sorted rows needs room, too.
    if (budget_->reserved_bytes() > budget_->limit_bytes() / 4 * 3) buffer_.Spill();
    spillable_bytes_.store(0, std::memory_order_relaxed);
    std::shared_ptr<const MemoryRun> memory_run = buffer_.FinishMemoryRun();
    state_->Add(std::move(memory_run), buffer_.TakeSpilledRuns());
  }

  int64_t spillable_bytes() const override { return spillable_bytes_.load(std::memory_order_relaxed); }
  void RequestSpill() override { spill_requested_.store(true, std::memory_order_relaxed); }

 private:
  const std::shared_ptr<SortState> state_;
  MemoryBudget* const budget_;
  SortBuffer buffer_;
  std::atomic<int64_t> spillable_bytes_{0};
  std::atomic<bool> spill_requested_{false};
};

class SortSource final : public Source {
 public:
  SortSource(SortPlanPtr plan, std::vector<std::unique_ptr<RunCursor>> runs, int64_t read_bytes)
      : plan_(std::move(plan)),
        reservation_(plan_->resources->context.memory, "sort"),
        merge_(std::move(runs)),
        rows_(plan_->node->schema()),
        rows_left_(plan_->node->limit.value_or(INT64_MAX)) {
    reservation_.ForceResize(read_bytes);
  }

  std::optional<Batch> Next() override {
    if (merge_.at_end() || rows_left_ == 0) return std::nullopt;
    const int64_t count = std::min(rows_left_, plan_->resources->context.batch_rows);
    while (rows_.num_rows() < count && !merge_.at_end()) {
      rows_.Add(merge_.current().batch(), merge_.current().row());
      merge_.Advance();
    }
    rows_left_ -= rows_.num_rows();
    return rows_.Finish();
  }

 private:
  const SortPlanPtr plan_;
  MemoryReservation reservation_;
  MergeCursor merge_;
  RowGatherer rows_;
  int64_t rows_left_;
};

}  // namespace

std::unique_ptr<Sink> SortState::MakeSink() { return std::make_unique<SortSink>(shared_from_this()); }

void SortState::Add(std::shared_ptr<const MemoryRun> memory_run, std::vector<SpilledRun> spilled_runs) {
  std::lock_guard lock(mutex_);
  if (!memory_run->entries.empty()) memory_runs_.push_back(std::move(memory_run));
  std::move(spilled_runs.begin(), spilled_runs.end(), std::back_inserter(spilled_runs_));
}

std::unique_ptr<Source> SortState::MakeSource() {
  ReduceRuns(*plan_, &spilled_runs_);
  const int64_t read_bytes = ReadBytes(spilled_runs_);
  std::vector<std::unique_ptr<RunCursor>> runs;
  for (auto& run : memory_runs_) runs.push_back(MakeCursor(std::move(run)));
  for (SpilledRun& run : spilled_runs_) runs.push_back(MakeCursor(std::move(run)));
  memory_runs_.clear();
  spilled_runs_.clear();
  return std::make_unique<SortSource>(plan_, std::move(runs), read_bytes);
}

}  // namespace quell::execution
