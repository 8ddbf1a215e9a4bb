// Versions by their time, and the history of a table.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "delta/spec/commit_info.h"
#include "storage/file_system.h"

namespace quell::delta {

// The last version committed at or before `timestamp_us`. nullopt when there is no table. Throws
// DELTA_TIMESTAMP_EARLIER_THAN_COMMIT_RETENTION or DELTA_TIMESTAMP_GREATER_THAN_COMMIT.
std::optional<int64_t> VersionAtTimestamp(const storage::FileSystemPtr& files, const storage::Uri& table,
                                          int64_t timestamp_us);

struct HistoryEntry {
  int64_t version = 0;
  int64_t timestamp_ms = 0;
  CommitInfo info = {};  // empty where the commit has none
};

// Newest first, at most `limit`.
std::vector<HistoryEntry> ReadHistory(storage::FileSystem& files, const storage::Uri& table, size_t limit);

}  // namespace quell::delta
