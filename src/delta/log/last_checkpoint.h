// The file `_last_checkpoint`: a hint where to begin listing the log.
#pragma once

#include <cstdint>
#include <optional>

#include "storage/file_system.h"

namespace quell::delta {

struct LastCheckpoint {
  int64_t version = 0;
  int64_t num_actions = 0;
  int64_t size_bytes = 0;
  int64_t num_add_files = 0;
};

// The version that the hint names. nullopt when the hint is absent or damaged: it is only a hint.
std::optional<int64_t> ReadLastCheckpointVersion(storage::FileSystem& files, const storage::Uri& table);
void WriteLastCheckpoint(storage::FileSystem& files, const storage::Uri& table, const LastCheckpoint& checkpoint);

}  // namespace quell::delta
