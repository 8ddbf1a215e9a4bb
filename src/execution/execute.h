// Runs an optimized logical plan.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/cancellation.h"
#include "base/memory_budget.h"
#include "base/metrics.h"
#include "catalog/catalog.h"
#include "data/column.h"
#include "plan/logical/plan.h"
#include "storage/file_system.h"

namespace quell::execution {

// What one statement may use. All that is pointed to outlives the execution.
struct ExecutionContext {
  std::shared_ptr<MemoryBudget> memory;
  CancelTokenPtr cancel;                // may be null
  Metrics* metrics = nullptr;           // required
  catalog::Catalog* catalog = nullptr;  // required for plans that write
  storage::StorageContext storage = {};
  int num_threads = 0;          // as ThreadsFor takes it
  std::string spill_directory;  // empty: $TMPDIR, else /tmp
  int64_t spill_limit_bytes = INT64_MAX;
  int64_t batch_rows = kBatchRows;
  int64_t target_file_bytes = int64_t{128} << 20;  // of data files that are written
  bool measure = false;  // CPU and bytes of each operator, for EXPLAIN ANALYZE; costs a system call a batch
};

// Takes the result. Consume is called by one thread at a time, in the order of the rows where the plan orders them;
// column i is column i of the plan's output. Batches may have selections, dictionaries and constants.
class ResultSink {
 public:
  virtual ~ResultSink() = default;
  virtual void Consume(Batch batch) = 0;
};

// What a scan read, and what it did not have to.
struct ScanProfile {
  int64_t files = 0;
  int64_t files_pruned = 0;
  int64_t row_groups = 0;
  int64_t row_groups_pruned = 0;
  int64_t pages_pruned = 0;
  int64_t rows = 0;  // before its filters
  int64_t bytes = 0;
  int64_t bytes_decompressed = 0;
};

// What one physical operator did, all threads together.
struct OperatorProfile {
  std::string name;  // the line that PrintPhysical prints for it
  int64_t rows = 0;  // that it put out
  int64_t batches = 0;
  int64_t bytes = 0;        // that it put out, in memory; 0 unless measured
  double wall_seconds = 0;  // summed over threads
  double cpu_seconds = 0;   // 0 unless measured
  int64_t peak_memory_bytes = 0;
  int64_t spilled_bytes = 0;
  std::optional<ScanProfile> scan = {};  // of a scan
  std::vector<OperatorProfile> inputs = {};
};

struct ExecutionProfile {
  OperatorProfile root;
  double wall_seconds = 0;
  double cpu_seconds = 0;  // of the threads of this execution
  int num_threads = 1;
  std::optional<catalog::CommitResult> commit = {};  // of a plan that writes; none where IF NOT EXISTS found the table
};

// Runs `plan` to its end. Its threads belong to this call: none is left when it returns or throws, so that a process
// may fork between calls. Throws what the first thread threw; then no file is left of what it spilled or wrote.
// Thread-safe.
ExecutionProfile Execute(const logical::PlanPtr& plan, const ExecutionContext& context, ResultSink& sink);

// The physical plan, an operator a line, inputs indented by two spaces.
std::string PrintPhysical(const logical::PlanPtr& plan);
// The same with rows, bytes, time, memory and spilled bytes of each operator, as EXPLAIN ANALYZE prints it.
std::string ToString(const ExecutionProfile& profile);

// What the breakers of a plan would have to keep, by the estimates of its tables; 0 where nothing is known.
struct SpillEstimate {
  int64_t state_bytes = 0;  // of hash tables and sort buffers
  int64_t spill_bytes = 0;  // what does not fit the memory budget, and goes to disk
};
SpillEstimate EstimateSpill(const logical::PlanPtr& plan, const ExecutionContext& context);

// Cores that this process may use: the machine's, or less where affinity or a cgroup says so.
int AvailableCores();
// The threads that `wanted` asks for; 0 asks for as many as AvailableCores().
int ThreadsFor(int wanted);

}  // namespace quell::execution
