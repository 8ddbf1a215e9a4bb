// What all operators of one execution share.
#pragma once

#include <memory>

#include "execution/execute.h"
#include "execution/spill/spill_space.h"

namespace quell::execution {

// Immutable but for the spill space, which is thread-safe.
struct Resources {
  explicit Resources(const ExecutionContext& execution_context);

  // For loops that are longer than a batch.
  void ThrowIfCancelled() const {
    if (context.cancel) context.cancel->ThrowIfCancelled();
  }

  const ExecutionContext context;
  const int num_threads;  // at least 1
  const std::shared_ptr<SpillSpace> spill_space;
};
using ResourcesPtr = std::shared_ptr<const Resources>;

}  // namespace quell::execution
