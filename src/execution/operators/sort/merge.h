// Merges sorted runs.
#pragma once

#include <memory>
#include <vector>

#include "execution/operators/sort/sort_buffer.h"

namespace quell::execution {

// Goes through the rows of several runs in order. Not thread-safe.
class MergeCursor {
 public:
  explicit MergeCursor(std::vector<std::unique_ptr<RunCursor>> runs);
  bool at_end() const { return heap_.empty(); }
  const RunCursor& current() const { return *heap_[0]; }
  void Advance();

 private:
  void SiftDown(size_t at);
  static bool Before(const RunCursor& a, const RunCursor& b) { return a.key().Compare(b.key()) < 0; }

  std::vector<std::unique_ptr<RunCursor>> heap_;  // the least row first
};

// What reading the runs at once takes: of each the block it reads from and the one before, whose rows are being put
// out.
int64_t ReadBytes(const std::vector<SpilledRun>& runs);

// Merges runs on disk into longer ones until there are so few that one block of each fits in memory.
void ReduceRuns(const SortPlan& plan, std::vector<SpilledRun>* runs);

}  // namespace quell::execution
