// Writes classic checkpoints.
#pragma once

#include "delta/snapshot/snapshot.h"

namespace quell::delta {

// Writes `n.checkpoint.parquet` and then `_last_checkpoint`. Memory does not grow with the number of files. Tombstones
// older than delta.deletedFileRetentionDuration are left out. Safe to repeat, and to run beside other writers'
// checkpoints of the same version.
void WriteCheckpoint(const Snapshot& snapshot);

}  // namespace quell::delta
