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
#include "delta/log/clean_up.h"
#include "delta/schema/schema_json.h"
#include "delta/snapshot/protocol_gate.h"
#include "delta/spec/action_json.h"
#include "delta/spec/path.h"
#include "delta/spec/table_properties.h"
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
  CheckProperties(metadata);
  needed_protocol_ = LowestProtocol(table_, metadata, ParseSchema(metadata.schema_string));
  // These ask for a protocol, and are no properties of the table.
  std::erase_if(metadata.configuration, [](const auto& property) {
    const std::string& key = property.first;
    return key.starts_with("delta.feature.") || key == "delta.minReaderVersion" || key == "delta.minWriterVersion";
  });
  if (base_) metadata.id = base_->metadata().id;
  metadata_ = std::move(metadata);
}

void Transaction::SetAppTransaction(std::string app_id, int64_t version) {
  app_transaction_ = SetTransaction{std::move(app_id), version, NowMs()};
}

void Transaction::BeginFile(std::string path) {
  const std::lock_guard lock(mutex_);
  begun_.push_back(std::move(path));
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

// Readers must know from which version on commits hold their times, where a table begins with others.
Metadata Transaction::WithEnablement(Metadata metadata, int64_t version, std::optional<int64_t> timestamp_ms) const {
  constexpr char kVersion[] = "delta.inCommitTimestampEnablementVersion";
  constexpr char kTimestamp[] = "delta.inCommitTimestampEnablementTimestamp";
  if (!timestamp_ms || !base_) return metadata;
  if (!base_->has_in_commit_timestamps()) {
    metadata.configuration[kVersion] = std::to_string(version);
    metadata.configuration[kTimestamp] = std::to_string(*timestamp_ms);
    return metadata;
  }
  for (const char* key : {kVersion, kTimestamp}) {
    if (const std::string* value = base_->metadata().FindProperty(key)) metadata.configuration[key] = *value;
  }
  return metadata;
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

  attempt.actions.push_back(info);
  if (metadata_) {
    const Protocol protocol = base_ ? MergeProtocols(base_->protocol(), needed_protocol_) : needed_protocol_;
    if (!base_ || protocol != base_->protocol()) attempt.actions.push_back(protocol);
    attempt.actions.push_back(WithEnablement(*metadata_, attempt.version, info.in_commit_timestamp_ms));
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
    const bool is_answered = FaultPoint("delta.after_put") != Fault::kLostAnswer;
    if (is_answered && result == storage::PutResult::kCreated) return true;
    return OwnerOf(attempt) == Owner::kThis;
  } catch (const Error& error) {
    return ResolveFailedPut(attempt, error);
  }
}

// Where the store's answer is an error, the version tells who wrote it. As long as nobody did, a local disk will not
// do it any more, but a store may still take what it was sent: then the data files must stay.
bool Transaction::ResolveFailedPut(const Attempt& attempt, const Error& failure) {
  may_be_committed_ = table_.scheme != "file";
  std::optional<Owner> owner;
  try {
    owner = OwnerOf(attempt);
  } catch (const Error&) {
    // The store cannot be asked either; its first error tells more.
  }
  if (owner == Owner::kNobody || !owner) {
    if (!may_be_committed_ || failure.error_class() == quell::error_class::kOperationCanceled) throw failure;
    throw Error(failure.error_class(),
                "{}; whether version {} of '{}' was committed is not known: look at DESCRIBE HISTORY before the "
                "statement is run again, or make it idempotent with quell.txn.appId",
                failure.message(), attempt.version, table_.ToString());
  }
  may_be_committed_ = false;
  return owner == Owner::kThis;
}

Transaction::Owner Transaction::OwnerOf(const Attempt& attempt) const {
  try {
    const CommitPtr commit = ReadCommit(*files_, {attempt.version, CommitUri(table_, attempt.version), 0});
    const auto* info = commit->Find<CommitInfo>();
    return info && info->txn_id == attempt.txn_id ? Owner::kThis : Owner::kOther;
  } catch (const Error& error) {
    if (error.error_class() == quell::error_class::kFailedReadFileNotExist) return Owner::kNobody;
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
  footprint.changes_protocol = metadata_ && MergeProtocols(base_->protocol(), needed_protocol_) != base_->protocol();
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
    if (Put(attempt)) return Finish(attempt, attempt_number);
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

Committed Transaction::Finish(const Attempt& attempt, int32_t attempts) const {
  Committed committed;
  committed.version = attempt.version;
  committed.files_added = static_cast<int64_t>(added_.size());
  committed.files_removed = attempt.files_removed;
  committed.attempts = attempts;
  // The table is committed: nothing that happens from here on may make the statement fail.
  try {
    const Metadata& metadata = metadata_ ? *metadata_ : base_->metadata();
    if (attempt.version > 0 && attempt.version % CheckpointInterval(metadata) == 0) Checkpoint(attempt.version);
  } catch (const std::exception& error) {
    committed.checkpoint_failure = error.what();
  }
  return committed;
}

void Transaction::Checkpoint(int64_t version) const {
  FaultPoint("delta.before_checkpoint");
  // Shares with the snapshot that the commit followed on what both hold: many commits may be large.
  const SnapshotPtr snapshot = base_->Advance({ReadCommit(*files_, {version, CommitUri(table_, version), 0})});
  WriteCheckpoint(*snapshot);
  FaultPoint("delta.before_cleanup");
  // Checkpoints of version 2 share sidecars, which only who lists them all can tell to be unused.
  const bool has_sidecars = snapshot->protocol().writer_features.contains("v2Checkpoint");
  if (!CleansUpExpiredLog(snapshot->metadata()) || has_sidecars) return;
  // Whole days, as delta-spark does: the log is not listed for a few files that expired just now.
  constexpr int64_t kDayMs = 86'400'000;
  CleanUpLog(*files_, table_, (NowMs() - LogRetentionMs(snapshot->metadata())) / kDayMs * kDayMs);
}

void Transaction::Abandon() noexcept {
  if (may_be_committed_) return;
  try {
    const std::lock_guard lock(mutex_);
    std::vector<storage::Uri> uris;
    for (const std::string& path : begun_) uris.push_back(ResolvePath(table_, path));
    for (const delta::AddFile& file : added_) uris.push_back(ResolvePath(table_, file.path));
    begun_.clear();
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
