// Properties of a table that its writers honour, by the names and defaults of delta-spark.
#pragma once

#include <cstdint>
#include <optional>

#include "delta/spec/metadata.h"

namespace quell::delta {

// Commits from one checkpoint to the next: delta.checkpointInterval, 10 by default.
int64_t CheckpointInterval(const Metadata& metadata);
// How long tombstones stay in checkpoints: delta.deletedFileRetentionDuration, a week by default.
int64_t DeletedFileRetentionMs(const Metadata& metadata);
// How long the log keeps versions: delta.logRetentionDuration, 30 days by default.
int64_t LogRetentionMs(const Metadata& metadata);
// delta.enableExpiredLogCleanup, true by default.
bool CleansUpExpiredLog(const Metadata& metadata);
// Leaf columns that statistics are kept of, all for a negative number: delta.dataSkippingNumIndexedCols, 32 by default
// and where it cannot be read, since statistics only help.
int64_t NumIndexedColumns(const Metadata& metadata);
// The first version whose commit holds its time, where the table had others before:
// delta.inCommitTimestampEnablementVersion.
std::optional<int64_t> InCommitTimestampEnablementVersion(const Metadata& metadata);

// Throws INVALID_PARAMETER_VALUE for a value that no writer could read. So do the functions above, unless they say so.
void CheckProperties(const Metadata& metadata);

}  // namespace quell::delta
