// What an operator did, counted while it runs.
#pragma once

#include <atomic>
#include <memory>

#include "base/metrics.h"

namespace quell::execution {

// Thread-safe. Shared by the instances of one physical operator.
struct OperatorCounters {
  Counter rows;     // put out
  Counter batches;  // put out
  Counter bytes;    // put out, in memory; 0 unless measured
  Counter wall_ns;
  Counter cpu_ns;
  Counter peak_memory_bytes;  // sum of the peaks of its reservations
  Counter spilled_bytes;
  Metrics scan;  // of a scan: what it read, and what it did not have to
};
using OperatorCountersPtr = std::shared_ptr<OperatorCounters>;

}  // namespace quell::execution
