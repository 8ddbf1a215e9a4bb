// Collects rows to be sorted, in memory as far as the budget allows.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "execution/operators/sort/sort_keys.h"
#include "execution/operators/sort/sorted_run.h"
#include "execution/resources.h"

namespace quell::execution {

// What all threads of a sort have in common. Immutable.
struct SortPlan {
  SortPlan(std::shared_ptr<const SortNode> node, ResourcesPtr resources, OperatorCountersPtr counters);

  // Makes a file for runs on disk.
  std::shared_ptr<SpillFile> MakeSpillFile() const;

  const std::shared_ptr<const SortNode> node;
  const ResourcesPtr resources;
  const OperatorCountersPtr counters;
};
using SortPlanPtr = std::shared_ptr<const SortPlan>;

// Not thread-safe.
class SortBuffer {
 public:
  explicit SortBuffer(SortPlanPtr plan);

  void Add(const Batch& batch);
  // Sorts what is in memory and moves it to disk.
  void Spill();
  int64_t memory_bytes() const { return run_->reservation.bytes(); }

  // Sorts what is left in memory. Call last, once each.
  std::shared_ptr<const MemoryRun> FinishMemoryRun();
  std::vector<SpilledRun> TakeSpilledRuns() { return std::move(spilled_); }

 private:
  void NewRun();
  int64_t bytes_held() const;
  void MakeRoomForEntries(size_t count);
  void Reserve();
  bool KeepsOnlyFirst() const;
  void KeepFirst();
  int64_t BytesOfCopy() const;
  void AddChunk();
  void SortEntries();

  const SortPlanPtr plan_;
  const int64_t chunk_bytes_;
  SortKeyEncoder encoder_;
  std::shared_ptr<MemoryRun> run_;
  std::vector<Batch> pending_;  // of the next chunk
  int64_t pending_rows_ = 0;
  int64_t pending_bytes_ = 0;
  int64_t chunks_bytes_ = 0;
  // The key of the last row to be kept, where there is a limit and that many rows were seen.
  std::optional<std::vector<uint8_t>> last_kept_;
  std::shared_ptr<SpillFile> file_;
  std::vector<SpilledRun> spilled_;
};

// Writes the rows of `cursor` to disk, in blocks of about kSpillBlockBytes; at most `limit` rows.
class SpilledRunWriter {
 public:
  // `plan` outlives the writer.
  SpilledRunWriter(const SortPlan& plan, std::shared_ptr<SpillFile> file, int64_t row_bytes);
  void Add(const RunCursor& cursor);
  SpilledRun Finish();

 private:
  void WriteBlock();

  const SortPlan& plan_;
  const int64_t block_rows_;
  RowGatherer rows_;
  std::string keys_;
  std::vector<int32_t> key_offsets_ = {0};
  SpilledRun run_;
};

}  // namespace quell::execution
