// One version of a table: log segment -> snapshot -> scan or transaction.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <variant>
#include <vector>

#include "data/schema.h"
#include "delta/log/commit.h"
#include "delta/log/log_segment.h"
#include "delta/schema/column_mapping.h"
#include "storage/file_system.h"

namespace quell::delta {

struct LatestVersion {};
struct AtVersion {
  int64_t version = 0;
};
// The last version that was committed at or before this instant.
struct AtTimestamp {
  int64_t timestamp_us = 0;
};
using VersionSpec = std::variant<LatestVersion, AtVersion, AtTimestamp>;

class Snapshot;
using SnapshotPtr = std::shared_ptr<const Snapshot>;

// Immutable and thread-safe. Holds the commits behind the checkpoint; the files of the checkpoint are read when they
// are asked for, and never held.
//
// Invariants (PROTOCOL.md, "Action Reconciliation"):
// 1. The newest protocol and metadata count; a snapshot has one of each.
// 2. A file is known by its path and the id of its deletion vector. Of the actions on a file the newest counts.
// 3. Of an application's transactions and of a domain's metadata the newest counts.
class Snapshot {
 public:
  // nullptr when there is no Delta table in the folder. Throws for a table that cannot be read: a protocol or a feature
  // that is not known, a version that is not there, a damaged log.
  static SnapshotPtr Load(storage::FileSystemPtr files, const storage::Uri& table, const VersionSpec& version = {});

  // The snapshot that the commits lead to, which follow on this one without a gap.
  SnapshotPtr Advance(const std::vector<CommitPtr>& commits) const;

  const storage::Uri& table() const { return table_; }
  const storage::FileSystemPtr& files() const { return files_; }
  int64_t version() const { return segment_.version; }
  // In-commit timestamp where the table has them, else when the commit's file was written.
  int64_t timestamp_ms() const;
  const Protocol& protocol() const { return *protocol_; }
  const Metadata& metadata() const { return *metadata_; }
  const LogSegment& segment() const { return segment_; }

  // With the names that users see.
  const Schema& schema() const { return schema_; }
  const std::vector<std::string>& partition_columns() const { return metadata_->partition_columns; }
  ColumnMappingMode column_mapping() const { return column_mapping_; }
  // With the names in data files, partition values and statistics.
  const Schema& physical_schema() const { return physical_schema_; }
  bool has_in_commit_timestamps() const;

  std::optional<SetTransaction> FindTransaction(const std::string& app_id) const;
  const std::map<std::string, SetTransaction>& transactions() const { return transactions_; }
  const std::map<std::string, DomainMetadata>& domains() const { return domains_; }

  // Calls `visit` for every file of this version, in no order, until it returns false. Memory does not grow with the
  // number of files in the checkpoint.
  void VisitFiles(const std::function<bool(AddFile&&)>& visit) const;
  std::vector<AddFile> ActiveFiles() const;
  // The same with the tombstones that no later action replaced. `visit` gets AddFile and RemoveFile alone.
  void VisitFileActions(const std::function<bool(Action&&)>& visit) const;

 private:
  Snapshot(storage::FileSystemPtr files, storage::Uri table, LogSegment segment, std::vector<CommitPtr> commits)
      : files_(std::move(files)),
        table_(std::move(table)),
        segment_(std::move(segment)),
        commits_(std::move(commits)) {}
  static SnapshotPtr Make(std::shared_ptr<Snapshot> snapshot, const Snapshot* previous);
  void TakeFromCommits();
  void TakeFromCheckpoint();
  void TakeFrom(const Snapshot& previous);
  // Newest first: keeps what it has already.
  void TakeOlder(const Action& action);
  void Resolve();

  const storage::FileSystemPtr files_;
  const storage::Uri table_;
  const LogSegment segment_;
  const std::vector<CommitPtr> commits_;  // those of the segment, in its order
  std::optional<Protocol> protocol_;
  std::optional<Metadata> metadata_;
  std::map<std::string, SetTransaction> transactions_;
  std::map<std::string, DomainMetadata> domains_;  // removed ones included
  Schema schema_;
  Schema physical_schema_;
  ColumnMappingMode column_mapping_ = ColumnMappingMode::kNone;
};

}  // namespace quell::delta
