// A change of a table that is committed as a whole, or not at all.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/cancellation.h"
#include "base/error.h"
#include "delta/snapshot/snapshot.h"
#include "delta/spec/action.h"

namespace quell::delta {

// Says whether files with these partition values (and of this path) are meant. Called from the thread that commits.
using FilePredicate = std::function<bool(const AddFile&)>;

// What the history says of a commit.
struct Operation {
  std::string name = "WRITE";
  std::map<std::string, std::string> parameters = {};  // {"mode": "Append", "partitionBy": "[\"day\"]"}
  std::map<std::string, std::string> metrics = {};     // beside those of files and bytes, which are counted here
};

struct Committed {
  int64_t version = 0;
  // The application's transaction had been committed before: nothing was written, the added files were deleted.
  bool was_skipped = false;
  int64_t files_added = 0;
  int64_t files_removed = 0;
  int32_t attempts = 0;
  // Why no checkpoint was written, or the log not cleaned up, where that was due; the commit stands all the same.
  std::optional<std::string> checkpoint_failure = {};
};

// Another writer's commit that ours cannot follow on. Nothing was written.
struct Conflict {
  ErrorClass error;
  int64_t version = 0;  // of the other commit
  std::string message;

  [[noreturn]] void Throw() const;
};

using CommitOutcome = std::variant<Committed, Conflict>;

// Snapshot -> transaction -> commit.
//
// Invariants:
// 1. A version is one file that PutIfAbsent creates: it is there as a whole or not at all.
// 2. Each attempt has a unique id (commitInfo.txnId); when an answer is lost, reading the version back tells whose it
// is.
// 3. A commit follows on the version before it: what happened since the transaction's snapshot was checked, commit by
//    commit, for conflicts with what the transaction read, removed and assumed.
// 4. Only then is the same change tried again on top; files to be replaced are chosen anew from the newest version.
//
// BeginFile and AddFile may be called from several threads; the rest from one.
class Transaction {
 public:
  // Of a table that is there. Throws where Quell cannot write to it.
  explicit Transaction(SnapshotPtr snapshot);
  // Of a new table: SetMetadata must follow.
  Transaction(storage::FileSystemPtr files, storage::Uri table);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void SetOperation(Operation operation) { operation_ = std::move(operation); }
  // Replaces schema, partitioning and properties; the table keeps its id. The protocol is raised to what they need.
  void SetMetadata(Metadata metadata);
  // Makes the commit idempotent: it is skipped once `version` or a later one of `app_id` was committed.
  void SetAppTransaction(std::string app_id, int64_t version);

  // Says that a file of this path will be written: should it not become part of the table, Abandon deletes it.
  void BeginFile(std::string path);
  void AddFile(delta::AddFile file);
  // Removes a file of the snapshot. Conflicts with any other commit that removes it.
  void RemoveFile(const delta::AddFile& file);
  // Removes whatever files match when the commit happens: an overwrite. Never conflicts with other writers' files.
  void ReplaceFiles(FilePredicate matches);
  // What the change depends on: other writers may not change these files meanwhile.
  void ReadFiles(FilePredicate matches);
  void ReadWholeTable();

  // Retries with growing pauses until committed, in conflict or cancelled. Throws Error when the store fails and the
  // commit is known not to have happened. `cancel` may be null. To be called once.
  CommitOutcome Commit(const CancelTokenPtr& cancel);
  // Deletes the files that were begun or added. For a transaction that will not commit; does nothing where Commit threw
  // without knowing whether the store took the commit, since then the files may belong to the table.
  void Abandon() noexcept;

  // Whether the snapshot has the application's transaction already, or a later one.
  bool is_applied_already() const;
  // nullptr for a new table; moves forward while Commit follows other writers.
  const SnapshotPtr& base() const { return base_; }

 private:
  struct Attempt;
  struct Skipped {};
  enum class Owner { kThis, kOther, kNobody };  // of a version of the log
  using Rebased = std::variant<std::monostate, Skipped, Conflict>;

  bool is_blind_append() const;
  std::vector<delta::RemoveFile> FilesToRemove(int64_t now_ms) const;
  Attempt Prepare() const;
  Metadata WithEnablement(Metadata metadata, int64_t version, std::optional<int64_t> timestamp_ms) const;
  bool Put(const Attempt& attempt);
  bool ResolveFailedPut(const Attempt& attempt, const Error& failure);
  Owner OwnerOf(const Attempt& attempt) const;
  Rebased Rebase();
  Committed Finish(const Attempt& attempt, int32_t attempts) const;
  void Checkpoint(int64_t version) const;
  Committed Skip(int32_t attempts);

  const storage::FileSystemPtr files_;
  const storage::Uri table_;
  SnapshotPtr base_;
  Operation operation_;
  std::optional<Metadata> metadata_;
  Protocol needed_protocol_;  // by metadata_
  std::optional<SetTransaction> app_transaction_;
  std::mutex mutex_;                     // guards the next two
  std::vector<std::string> begun_ = {};  // paths
  std::vector<delta::AddFile> added_;
  std::vector<delta::AddFile> removed_;
  std::vector<FilePredicate> replaced_;
  std::vector<FilePredicate> read_;
  bool reads_whole_table_ = false;
  bool may_be_committed_ = false;
};

// "part-00003-<uuid>-c000.zstd.parquet" in the folder of its partition: a path that no other writer uses.
std::string NewDataFilePath(const PartitionValues& partition_values, int32_t part, const std::string& compression);

}  // namespace quell::delta
