#include "execution/operators/sort/merge.h"

#include <algorithm>

namespace quell::execution {
namespace {

// Runs that are merged at once, at least and at most.
constexpr size_t kMinFanIn = 4;
constexpr size_t kMaxFanIn = 256;

int64_t LargestBlock(const std::vector<SpilledRun>& runs) {
  int64_t bytes = 1;
  for (const SpilledRun& run : runs) {
    for (const SpillBlock& block : run.blocks) bytes = std::max(bytes, block.memory_bytes);
  }
  return bytes;
}

}  // namespace

MergeCursor::MergeCursor(std::vector<std::unique_ptr<RunCursor>> runs) : heap_(std::move(runs)) {
  std::erase_if(heap_, [](const auto& run) { return run->at_end(); });
  for (size_t at = heap_.size() / 2; at-- > 0;) SiftDown(at);
}

void MergeCursor::Advance() {
  heap_[0]->Advance();
  if (heap_[0]->at_end()) {
    heap_[0] = std::move(heap_.back());
    heap_.pop_back();
  }
  SiftDown(0);
}

void MergeCursor::SiftDown(size_t at) {
  while (true) {
    size_t least = at;
    for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < heap_.size(); ++child) {
      if (Before(*heap_[child], *heap_[least])) least = child;
    }
    if (least == at) return;
    std::swap(heap_[at], heap_[least]);
    at = least;
  }
}

int64_t ReadBytes(const std::vector<SpilledRun>& runs) {
  return runs.empty() ? 0 : 2 * LargestBlock(runs) * static_cast<int64_t>(runs.size());
}

void ReduceRuns(const SortPlan& plan, std::vector<SpilledRun>* runs) {
  if (runs->empty()) return;
  const int64_t bytes_per_run = 2 * LargestBlock(*runs);
  const auto affordable = static_cast<size_t>(plan.resources->context.memory->limit_bytes() / 4 / bytes_per_run);
  const size_t fan_in = std::clamp(affordable, kMinFanIn, kMaxFanIn);
  while (runs->size() > fan_in) {
    const size_t count = std::min(fan_in, runs->size() - fan_in + 1);
    std::vector<std::unique_ptr<RunCursor>> cursors;
    int64_t rows = 0;
    int64_t bytes = 0;
    for (size_t i = 0; i < count; ++i) {
      for (const SpillBlock& block : (*runs)[i].blocks) {
        rows += block.num_rows;
        bytes += block.memory_bytes;
      }
      cursors.push_back(MakeCursor(std::move((*runs)[i])));
    }
    runs->erase(runs->begin(), runs->begin() + static_cast<int64_t>(count));
    SpilledRunWriter writer(plan, plan.MakeSpillFile(), bytes / std::max<int64_t>(rows, 1) + 1);
    for (MergeCursor merge(std::move(cursors)); !merge.at_end(); merge.Advance()) {
      writer.Add(merge.current());
    }
    runs->push_back(writer.Finish());
  }
}

}  // namespace quell::execution
