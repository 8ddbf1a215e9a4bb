// Reads checkpoints: classic, multi-part, and V2 with their sidecars.
#pragma once

#include <functional>

#include "delta/log/log_segment.h"
#include "delta/spec/action.h"
#include "storage/file_system.h"

namespace quell::delta {

enum class CheckpointContent {
  kTable,  // protocol, metaData, txn, domainMetadata
  kFiles,  // add, remove
};

// Reads no other columns than those of `content`, a few thousand rows at a time. Throws DELTA_MALFORMED_LOG_FILE.
void ReadCheckpoint(storage::FileSystem& files, const storage::Uri& table, const CheckpointFiles& checkpoint,
                    CheckpointContent content, const std::function<void(Action&&)>& visit);

}  // namespace quell::delta
