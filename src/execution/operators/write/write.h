// Writes rows to a table and commits them.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "execution/operators/write/table_writer.h"
#include "execution/physical/node.h"
#include "execution/pipeline.h"

namespace quell::execution {

// Each thread writes files of its own. What is too little for a file goes into one file of all threads, at the end, and
// then all files are committed at once. Destroyed before that, it leaves the table as it was. Thread-safe.
class WriteState final : public SharedSink, public std::enable_shared_from_this<WriteState> {
 public:
  // Begins the write.
  WriteState(const WriteNode& node, ResourcesPtr resources, OperatorCountersPtr counters);

  // False where IF NOT EXISTS found the table, and where the transaction was committed before: nothing is to be run.
  bool is_needed() const { return plan_ != nullptr; }
  std::unique_ptr<Sink> MakeSink() override;
  void Finalize() override;

  const WritePlanPtr& plan() const { return plan_; }
  // Takes over what a thread has left.
  void Add(TableWriter* writer);
  // What was committed, after Finalize or before.
  const std::optional<catalog::CommitResult>& commit() const { return commit_; }

 private:
  const OperatorCountersPtr counters_;
  WritePlanPtr plan_;  // nullptr: not needed
  std::mutex mutex_;
  std::vector<PendingRows> pending_;
  int64_t rows_written_ = 0;
  std::optional<catalog::CommitResult> commit_;
};

}  // namespace quell::execution
