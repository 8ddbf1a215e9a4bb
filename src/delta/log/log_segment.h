// The files of the log that make up one version of a table.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "delta/log/file_name.h"
#include "storage/file_system.h"

namespace quell::delta {

struct CommitFile {
  int64_t version = 0;
  storage::Uri uri;
  int64_t modified_ms = 0;
};

struct CheckpointPart {
  storage::Uri uri;
  int64_t size_bytes = 0;
  int64_t modified_ms = 0;
};

struct CheckpointFiles {
  int64_t version = 0;
  LogFileKind kind = LogFileKind::kClassicCheckpoint;
  std::vector<CheckpointPart> parts = {};  // more than one for a multi-part checkpoint alone
};

// Invariants:
// 1. The commits are ascending and without a gap, up to `version`.
// 2. With a checkpoint they begin behind its version, else with version 0.
// 3. A checkpoint has all its parts.
struct LogSegment {
  int64_t version = 0;
  std::optional<CheckpointFiles> checkpoint = {};
  std::vector<CommitFile> commits = {};
  // The commit of `version`, also when the checkpoint holds it; absent where it was cleaned up.
  std::optional<CommitFile> last_commit = {};

  // When the last commit (or the checkpoint, failing that) was written.
  int64_t modified_ms() const;
};

// Lists the segment of `version`, or of the newest one. nullopt when the folder has no log.
// Throws DELTA_VERSION_NOT_FOUND, DELTA_VERSIONS_NOT_CONTIGUOUS, DELTA_TRUNCATED_TRANSACTION_LOG.
std::optional<LogSegment> ListLogSegment(storage::FileSystem& files, const storage::Uri& table,
                                         std::optional<int64_t> version);

// The newest complete checkpoint of `version` or one before it.
std::optional<int64_t> NewestCheckpointVersion(storage::FileSystem& files, const storage::Uri& table, int64_t version);

// The commits from version `first` on, in order of their versions.
std::vector<CommitFile> ListCommits(storage::FileSystem& files, const storage::Uri& table, int64_t first);

}  // namespace quell::delta
