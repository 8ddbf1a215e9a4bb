#include "execution/spill/spill_space.h"

#include "base/error_classes.h"

namespace quell::execution {

void SpillSpace::Take(int64_t bytes) {
  const int64_t used = used_bytes_ += bytes;
  if (used > limit_bytes_) {
    used_bytes_ -= bytes;
    throw Error(error_class::kSpillLimit,
                "the statement spills more than quell.spill.limit = {} bytes to {}; raise it, raise "
                "quell.memory.limit, or run it on a Spark cluster: --remote sc://HOST:PORT",
                limit_bytes_, directory_);
  }
  if (metrics_) metrics_->bytes_spilled.Add(bytes);
}

}  // namespace quell::execution
