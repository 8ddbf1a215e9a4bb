#include "delta/snapshot/snapshot.h"

#include "base/check.h"
#include "delta/checkpoint/read_checkpoint.h"
#include "delta/error_classes.h"
#include "delta/schema/schema_json.h"
#include "delta/snapshot/file_key.h"
#include "delta/snapshot/protocol_gate.h"
#include "delta/snapshot/time_travel.h"

namespace quell::delta {

namespace {

using FileKeys = std::unordered_set<FileKey, FileKeyHash>;

std::optional<FileKey> KeyOf(const Action& action) {
  if (const auto* add = std::get_if<AddFile>(&action)) return FileKey::Of(add->path, add->deletion_vector);
  if (const auto* remove = std::get_if<RemoveFile>(&action)) return FileKey::Of(remove->path, remove->deletion_vector);
  return std::nullopt;
}

// Thrown by a visitor to leave the reading of a checkpoint.
struct StopReading {};

}  // namespace

SnapshotPtr Snapshot::Load(storage::FileSystemPtr files, const storage::Uri& table, const VersionSpec& version) {
  std::optional<int64_t> wanted;
  if (const auto* at = std::get_if<AtVersion>(&version)) wanted = at->version;
  if (const auto* at = std::get_if<AtTimestamp>(&version)) {
    wanted = VersionAtTimestamp(files, table, at->timestamp_us);
    if (!wanted) return nullptr;
  }
  auto segment = ListLogSegment(*files, table, wanted);
  if (!segment) return nullptr;
  auto commits = ReadCommits(*files, segment->commits);
  return Make(std::shared_ptr<Snapshot>(new Snapshot(std::move(files), table, std::move(*segment), std::move(commits))),
              nullptr);
}

SnapshotPtr Snapshot::Advance(const std::vector<CommitPtr>& commits) const {
  LogSegment segment = segment_;
  std::vector<CommitPtr> all = commits_;
  for (const CommitPtr& commit : commits) {
    QUELL_CHECK(commit->version == segment.version + 1);
    segment.version = commit->version;
    segment.last_commit = CommitFile{commit->version, CommitUri(table_, commit->version), commit->modified_ms};
    segment.commits.push_back(*segment.last_commit);
    all.push_back(commit);
  }
  return Make(std::shared_ptr<Snapshot>(new Snapshot(files_, table_, std::move(segment), std::move(all))), this);
}

SnapshotPtr Snapshot::Make(std::shared_ptr<Snapshot> snapshot, const Snapshot* previous) {
  snapshot->TakeFromCommits();
  if (previous) {
    snapshot->TakeFrom(*previous);
  } else if (snapshot->segment_.checkpoint) {
    snapshot->TakeFromCheckpoint();
  }
  snapshot->Resolve();
  return snapshot;
}

void Snapshot::TakeOlder(const Action& action) {
  if (const auto* protocol = std::get_if<Protocol>(&action)) {
    if (!protocol_) protocol_ = *protocol;
  } else if (const auto* metadata = std::get_if<Metadata>(&action)) {
    if (!metadata_) metadata_ = *metadata;
  } else if (const auto* transaction = std::get_if<SetTransaction>(&action)) {
    transactions_.emplace(transaction->app_id, *transaction);
  } else if (const auto* domain = std::get_if<DomainMetadata>(&action)) {
    domains_.emplace(domain->domain, *domain);
  }
}

void Snapshot::TakeFromCommits() {
  for (auto commit = commits_.rbegin(); commit != commits_.rend(); ++commit) {
    for (const Action& action : (*commit)->actions) TakeOlder(action);
  }
}

void Snapshot::TakeFromCheckpoint() {
  ReadCheckpoint(*files_, table_, *segment_.checkpoint, CheckpointContent::kTable,
                 [&](Action&& action) { TakeOlder(action); });
}

void Snapshot::TakeFrom(const Snapshot& previous) {
  if (!protocol_) protocol_ = previous.protocol_;
  if (!metadata_) metadata_ = previous.metadata_;
  transactions_.insert(previous.transactions_.begin(), previous.transactions_.end());
  domains_.insert(previous.domains_.begin(), previous.domains_.end());
}

void Snapshot::Resolve() {
  for (const auto& [is_there, what] :
       {std::pair(protocol_.has_value(), "protocol"), {metadata_.has_value(), "metadata"}}) {
    if (is_there) continue;
    throw Error(
        error_class::kStateRecover,
        "the {} of the table '{}' could not be recovered while reconstructing version {}; was a file of its log "
        "deleted by hand?",
        what, table_.ToString(), segment_.version);
  }
  CheckCanRead(table_, *protocol_);
  schema_ = ParseSchema(metadata_->schema_string);
  column_mapping_ = MappingModeOf(*metadata_);
  physical_schema_ = PhysicalSchema(schema_, column_mapping_);
}

bool Snapshot::has_in_commit_timestamps() const { return metadata_->IsEnabled("delta.enableInCommitTimestamps"); }

int64_t Snapshot::timestamp_ms() const {
  if (has_in_commit_timestamps() && segment_.last_commit) {
    const bool is_held = !commits_.empty();
    const CommitPtr commit = is_held ? commits_.back() : ReadCommit(*files_, *segment_.last_commit);
    const auto* info = commit->Find<CommitInfo>();
    if (info && info->in_commit_timestamp_ms) return *info->in_commit_timestamp_ms;
  }
  return segment_.modified_ms();
}

std::optional<SetTransaction> Snapshot::FindTransaction(const std::string& app_id) const {
  const auto found = transactions_.find(app_id);
  return found == transactions_.end() ? std::nullopt : std::optional<SetTransaction>(found->second);
}

void Snapshot::VisitFileActions(const std::function<bool(Action&&)>& visit) const {
  FileKeys seen;
  for (auto commit = commits_.rbegin(); commit != commits_.rend(); ++commit) {
    for (const Action& action : (*commit)->actions) {
      const auto key = KeyOf(action);
      if (key && seen.insert(*key).second && !visit(Action(action))) return;
    }
  }
  if (!segment_.checkpoint) return;
  try {
    ReadCheckpoint(*files_, table_, *segment_.checkpoint, CheckpointContent::kFiles, [&](Action&& action) {
      const auto key = KeyOf(action);
      if (key && !seen.contains(*key) && !visit(std::move(action))) throw StopReading();
    });
  } catch (const StopReading&) {
  }
}

void Snapshot::VisitFiles(const std::function<bool(AddFile&&)>& visit) const {
  VisitFileActions([&](Action&& action) {
    auto* add = std::get_if<AddFile>(&action);
    return !add || visit(std::move(*add));
  });
}

std::vector<AddFile> Snapshot::ActiveFiles() const {
  std::vector<AddFile> files;
  VisitFiles([&](AddFile&& file) {
    files.push_back(std::move(file));
    return true;
  });
  return files;
}

}  // namespace quell::delta
