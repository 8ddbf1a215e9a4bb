// The actions that occur in V2 checkpoints alone.
#pragma once

#include <cstdint>
#include <string>

namespace quell::delta {

struct CheckpointMetadata {
  int64_t version = 0;

  bool operator==(const CheckpointMetadata&) const = default;
};

// A Parquet file in `_delta_log/_sidecars` with file actions of the checkpoint.
struct Sidecar {
  std::string path;  // decoded; a file name, or an absolute path
  int64_t size_bytes = 0;
  int64_t modification_time_ms = 0;

  bool operator==(const Sidecar&) const = default;
};

}  // namespace quell::delta
