#include "delta/transaction/transaction.h"

#include <algorithm>
#include <chrono>
#include <random>
#include <thread>

#include <fmt/format.h>

#include "base/check.h"
#include "base/error_classes.h"
#include "base/fault_point.h"
#include "base/uuid.h"
#include "base/version.h"
#include "delta/checkpoint/write_checkpoint.h"
#include "delta/error_classes.h"
#include "delta/schema/schema_json.h"
#include "delta/snapshot/protocol_gate.h"
#include "delta/spec/action_json.h"
#include "delta/spec/path.h"
#include "delta/transaction/conflict_check.h"

namespace quell::delta {

namespace {

int64_t NowMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// Waits longer after each attempt, for a random time, so that writers that met do not meet again.
void PauseBefore(int32_t attempt, const CancelTokenPtr& cancel) {
  constexpr int32_t kMaxDoublings = 9;
  constexpr int64_t kSliceMs = 50;
  static thread_local std::minstd_rand random(std::random_device{}());
  const int64_t limit_ms = int64_t{2} << std::min(attempt, kMaxDoublings);
  int64_t left_ms = std::uniform_int_distribution<int64_t>(0, limit_ms)(random);
  while (left_ms > 0) {
    if (cancel) cancel->ThrowIfCancelled();
    const int64_t slice_ms = std::min(left_ms, kSliceMs);
    std::this_thread::sleep_for(std::chrono::milliseconds(slice_ms));
    left_ms -= slice_ms;
  }
}

int64_t CheckpointInterval(const Metadata& metadata) {
  constexpr int64_t kDefault = 10;
  const std::string* text = metadata.FindProperty("delta.checkpointInterval");
  const int64_t interval = text ? std::atoll(text->c_str()) : kDefault;
  return interval > 0 ? interval : kDefault;
}

}  // namespace

// What one attempt would write.
struct Transaction::Attempt {
  int64_t version = 0;
  std::string txn_id;
  std::vector<Action> actions;
  int64_t files_removed = 0;
};

void Conflict::Throw() const { throw Error(error, "{}", message); }

Transaction::Transaction(SnapshotPtr snapshot)
    : files_(snapshot->files()), table_(snapshot->table()), base_(std::move(snapshot)) {
  CheckCanWrite(table_, base_->protocol(), base_->metadata(), base_->schema());
}

Transaction::Transaction(storage::FileSystemPtr files, storage::Uri table)
    : files_(std::move(files)), table_(std::move(table)) {}

void Transaction::SetMetadata(Metadata metadata) {
  LowestProtocol(table_, metadata, ParseSchema(metadata.schema_string));
  if (base_) metadata.id = base_->metadata().id;
  metadata_ = std::move(metadata);
}

void Transaction::SetAppTransaction(std::string app_id, int64_t version) {
  app_transaction_ = SetTransaction{std::move(app_id), version, NowMs()};
}

void Transaction::AddFile(delta::AddFile file) {
  const std::lock_guard lock(mutex_);
  added_.push_back(std::move(file));
}

void Transaction::RemoveFile(const delta::AddFile& file) { removed_.push_back(file); }
void Transaction::ReplaceFiles(FilePredicate matches) { replaced_.push_back(std::move(matches)); }
void Transaction::ReadFiles(FilePredicate matches) { read_.push_back(std::move(matches)); }
void Transaction::ReadWholeTable() { reads_whole_table_ = true; }

bool Transaction::is_blind_append() const {
  return removed_.empty() && replaced_.empty() && read_.empty() && !reads_whole_table_ && !metadata_;
}

bool Transaction::is_applied_already() const {
  if (!base_ || !app_transaction_) return false;
  const auto last = base_->FindTransaction(app_transaction_->app_id);
  return last && last->version >= app_transaction_->version;
}

std::vector<delta::RemoveFile> Transaction::FilesToRemove(int64_t now_ms) const {
  std::vector<delta::RemoveFile> removes;
  for (const delta::AddFile& file : removed_) removes.push_back(RemoveOf(file, now_ms, true));
  if (base_ && !replaced_.empty()) {
    base_->VisitFiles([&](delta::AddFile&& file) {
      const bool matches = std::any_of(replaced_.begin(), replaced_.end(),
                                       [&](const FilePredicate& is_meant) { return is_meant(file); });
      if (matches) removes.push_back(RemoveOf(file, now_ms, true));
      return true;
    });
  }
  const Metadata& metadata = metadata_ ? *metadata_ : base_->metadata();
  if (!removes.empty() && metadata.IsEnabled("delta.appendOnly")) {
    throw Error(error_class::kAppendOnly,
                "the table '{}' only takes appends; set delta.appendOnly to false to change or overwrite it",
                table_.ToString());
  }
  return removes;
}

Transaction::Attempt Transaction::Prepare() const {
  QUELL_CHECK(base_ || metadata_);
  const int64_t now_ms = NowMs();
  Attempt attempt;
  attempt.version = base_ ? base_->version() + 1 : 0;
  attempt.txn_id = RandomUuid();
  const std::vector<delta::RemoveFile> removes = FilesToRemove(now_ms);
  attempt.files_removed = static_cast<int64_t>(removes.size());

  CommitInfo info;
  info.timestamp_ms = now_ms;
  info.operation = operation_.name;
  info.operation_parameters = operation_.parameters;
  info.operation_metrics = operation_.metrics;
  int64_t bytes = 0;
  for (const delta::AddFile& file : added_) bytes += file.size_bytes;
  info.operation_metrics["numFiles"] = std::to_string(added_.size());
  info.operation_metrics["numOutputBytes"] = std::to_string(bytes);
  if (!removes.empty()) info.operation_metrics["numRemovedFiles"] = std::to_string(removes.size());
  const Metadata& metadata = metadata_ ? *metadata_ : base_->metadata();
  if (base_) info.read_version = base_->version();
  info.isolation_level =
      IsolationLevelOf(metadata) == IsolationLevel::kSerializable ? "Serializable" : "WriteSerializable";
  info.is_blind_append = is_blind_append() || (!base_ && removes.empty());
  info.engine_info = fmt::format("Quell/{}", Version());
  info.txn_id = attempt.txn_id;
  if (metadata.IsEnabled("delta.enableInCommitTimestamps")) {
    info.in_commit_timestamp_ms = base_ ? std::max(now_ms, base_->timestamp_ms() + 1) : now_ms;
  }

  attempt.actions.push_back(std::move(info));
  if (metadata_) {
    const Protocol needed = LowestProtocol(table_, *metadata_, ParseSchema(metadata_->schema_string));
    const Protocol protocol = base_ ? MergeProtocols(base_->protocol(), needed) : needed;
    if (!base_ || protocol != base_->protocol()) attempt.actions.push_back(protocol);
    attempt.actions.push_back(*metadata_);
  }
  if (app_transaction_) attempt.actions.push_back(*app_transaction_);
  attempt.actions.insert(attempt.actions.end(), removes.begin(), removes.end());
  attempt.actions.insert(attempt.actions.end(), added_.begin(), added_.end());
  return attempt;
}

// True when the version is ours, false when it is another's.
bool Transaction::Put(const Attempt& attempt) {
  std::string text;
  for (const Action& action : attempt.actions) text += ToJson(action) + "\n";
  const storage::Uri uri = CommitUri(table_, attempt.version);
  FaultPoint("delta.before_put");
  try {
    const auto result = files_->PutIfAbsent(uri, {reinterpret_cast<const uint8_t*>(text.data()), text.size()});
    if (FaultPoint("delta.after_put") == Fault::kLostAnswer) return IsOurs(attempt);
    return result == storage::PutResult::kCreated || IsOurs(attempt);
  } catch (const Error&) {
    // The store may have taken it and the answer be lost, or take it later; a local disk has done it or not.
    may_be_committed_ = true;
    bool is_ours = false;
    try {
      is_ours = IsOurs(attempt);
      if (table_.scheme == "file") may_be_committed_ = is_ours;
    } catch (const Error&) {
      // If the store cannot be asked either, its first error tells more.
    }
    if (!is_ours) throw;
    return true;
  }
}

bool Transaction::IsOurs(const Attempt& attempt) const {
  try {
    const CommitPtr commit = ReadCommit(*files_, {attempt.version, CommitUri(table_, attempt.version), 0});
    const auto* info = commit->Find<CommitInfo>();
    return info && info->txn_id == attempt.txn_id;
  } catch (const Error& error) {
    if (error.error_class() == quell::error_class::kFailedReadFileNotExist) return false;
    throw;
  }
}

// Follows the commits that came between.
Transaction::Rebased Transaction::Rebase() {
  if (!base_) {
    return Conflict{
        error_class::kProtocolChanged, 0,
        fmt::format("another writer created the table '{}' meanwhile; run the statement again", table_.ToString())};
  }
  TransactionFootprint footprint;
  footprint.isolation = IsolationLevelOf(base_->metadata());
  footprint.is_blind_append = is_blind_append();
  footprint.changes_metadata = metadata_.has_value();
  footprint.changes_protocol =
      metadata_ &&
      MergeProtocols(base_->protocol(), LowestProtocol(table_, *metadata_, ParseSchema(metadata_->schema_string))) !=
          base_->protocol();
  footprint.reads_whole_table = reads_whole_table_;
  footprint.reads = read_;
  for (const delta::AddFile& file : removed_) footprint.removed_paths.insert(CanonicalPath(file.path));
  for (const CommitPtr& winner : ReadCommits(*files_, ListCommits(*files_, table_, base_->version() + 1))) {
    if (app_transaction_) {
      footprint.app_id = app_transaction_->app_id;
      const SnapshotPtr next = base_->Advance({winner});
      const auto last = next->FindTransaction(app_transaction_->app_id);
      if (last && last->version >= app_transaction_->version) {
        base_ = next;
        return Skipped{};
      }
    }
    if (auto conflict = CheckConflict(footprint, *base_, *winner)) return std::move(*conflict);
    base_ = base_->Advance({winner});
  }
  CheckCanWrite(table_, base_->protocol(), base_->metadata(), base_->schema());
  return std::monostate{};
}

CommitOutcome Transaction::Commit(const CancelTokenPtr& cancel) {
  constexpr int32_t kMaxAttempts = 10'000;
  files_->ProbePutIfAbsent(LogFolder(table_));
  if (is_applied_already()) return Skip(0);
  for (int32_t attempt_number = 1; attempt_number <= kMaxAttempts; ++attempt_number) {
    if (cancel) cancel->ThrowIfCancelled();
    const Attempt attempt = Prepare();
    if (Put(attempt)) return Finish(attempt, attempt_number, cancel);
    const Rebased rebased = Rebase();
    if (std::holds_alternative<Skipped>(rebased)) return Skip(attempt_number);
    if (const auto* conflict = std::get_if<Conflict>(&rebased)) return *conflict;
    PauseBefore(attempt_number, cancel);
  }
  throw Error(error_class::kMaxCommitRetries,
              "the commit to '{}' lost against other writers {} times; let fewer of them write at once",
              table_.ToString(), kMaxAttempts);
}

Committed Transaction::Skip(int32_t attempts) {
  Abandon();
  Committed committed;
  committed.version = base_->version();
  committed.was_skipped = true;
  committed.attempts = attempts;
  return committed;
}

Committed Transaction::Finish(const Attempt& attempt, int32_t attempts, const CancelTokenPtr&) {
  Committed committed;
  committed.version = attempt.version;
  committed.files_added = static_cast<int64_t>(added_.size());
  committed.files_removed = attempt.files_removed;
  committed.attempts = attempts;
  const Metadata& metadata = metadata_ ? *metadata_ : base_->metadata();
  if (attempt.version == 0 || attempt.version % CheckpointInterval(metadata) != 0) return committed;
  // The table is committed: nothing that happens from here on may make the statement fail.
  try {
    FaultPoint("delta.before_checkpoint");
    WriteCheckpoint(*Snapshot::Load(files_, table_, AtVersion{attempt.version}));
  } catch (const std::exception& error) {
    committed.checkpoint_failure = error.what();
  }
  return committed;
}

void Transaction::Abandon() noexcept {
  if (may_be_committed_) return;
  try {
    const std::lock_guard lock(mutex_);
    std::vector<storage::Uri> uris;
    for (const delta::AddFile& file : added_) uris.push_back(ResolvePath(table_, file.path));
    added_.clear();
    files_->Delete(uris);
  } catch (const std::exception&) {
    // The files are no part of the table; VACUUM finds them.
  }
}

std::string NewDataFilePath(const PartitionValues& partition_values, int32_t part, const std::string& compression) {
  return fmt::format("{}part-{:05}-{}-c000.{}.parquet", PartitionFolder(partition_values), part, RandomUuid(),
                     compression);
}

}  // namespace quell::delta
