// Runs one pipeline on the threads of an execution.
#pragma once

#include "execution/pipeline.h"
#include "execution/resources.h"

namespace quell::execution {

struct PipelineRun {
  int num_threads = 1;     // most that worked at once
  double cpu_seconds = 0;  // of all threads
};

// Runs the fragments in order, then finalizes the sink. The calling thread works, too; others are started only when the
// source has work for them, and are joined before this returns or throws. Throws the first error of any thread, or
// OPERATION_CANCELED.
PipelineRun RunPipeline(const Pipeline& pipeline, const Resources& resources);

}  // namespace quell::execution
