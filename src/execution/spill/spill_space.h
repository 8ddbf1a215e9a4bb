// The disk space that one execution may spill to.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "base/metrics.h"

namespace quell::execution {

// Thread-safe.
class SpillSpace {
 public:
  SpillSpace(std::string directory, int64_t limit_bytes, Metrics* metrics)
      : directory_(std::move(directory)), limit_bytes_(limit_bytes), metrics_(metrics) {}

  const std::string& directory() const { return directory_; }
  // Counts bytes that are about to be written; throws SPILL_LIMIT_EXCEEDED when the limit is passed.
  void Take(int64_t bytes);
  void Give(int64_t bytes) { used_bytes_ -= bytes; }

 private:
  const std::string directory_;
  const int64_t limit_bytes_;
  Metrics* const metrics_;
  std::atomic<int64_t> used_bytes_{0};
};

}  // namespace quell::execution
