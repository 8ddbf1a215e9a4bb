#include "delta/log/log_segment.h"

#include <algorithm>
#include <limits>
#include <map>
#include <tuple>

#include "delta/error_classes.h"
#include "delta/log/last_checkpoint.h"

namespace quell::delta {

namespace {

// What a listing of the log found.
struct Listing {
  std::vector<CommitFile> commits;
  // Complete or not, by version, kind and (of multi-part checkpoints) number of parts; uuid checkpoints one by one.
  std::map<std::tuple<int64_t, LogFileKind, int32_t>, CheckpointFiles> checkpoints;
  int32_t num_uuid_checkpoints = 0;
};

void AddCheckpoint(const LogFileName& name, const storage::FileInfo& file, Listing* listing) {
  // Several checkpoints with a UUID may stand for one version; each is complete in itself.
  const int32_t number = name.kind == LogFileKind::kUuidCheckpoint ? ++listing->num_uuid_checkpoints : name.num_parts;
  CheckpointFiles& checkpoint = listing->checkpoints[{name.version, name.kind, number}];
  checkpoint.version = name.version;
  checkpoint.kind = name.kind;
  checkpoint.parts.push_back({storage::Uri::Parse(file.path), file.size_bytes, file.modified_ms});
}

// Lists from the files of version `first` on.
Listing ListLog(storage::FileSystem& files, const storage::Uri& table, int64_t first) {
  Listing listing;
  storage::ListOptions options;
  options.recursive = false;
  if (first > 0) options.start_after = VersionDigits(first);
  files.List(LogFolder(table), options, [&](storage::FileInfo file) {
    const std::string_view name = std::string_view(file.path).substr(file.path.rfind('/') + 1);
    if (name > ":") return false;  // behind all that begins with a digit
    const auto parsed = ParseLogFileName(name);
    if (!parsed) return true;
    if (parsed->kind == LogFileKind::kCommit) {
      listing.commits.push_back({parsed->version, storage::Uri::Parse(file.path), file.modified_ms});
    } else {
      AddCheckpoint(*parsed, file, &listing);
    }
    return true;
  });
  return listing;
}

std::optional<CheckpointFiles> NewestComplete(const Listing& listing, int64_t version) {
  std::optional<CheckpointFiles> newest;
  for (const auto& [key, checkpoint] : listing.checkpoints) {
    const auto num_parts = static_cast<size_t>(std::get<2>(key));
    const bool is_complete =
        checkpoint.kind != LogFileKind::kMultiPartCheckpoint || checkpoint.parts.size() == num_parts;
    if (!is_complete || checkpoint.version > version) continue;
    if (!newest || checkpoint.version > newest->version) newest = checkpoint;
  }
  return newest;
}

void CheckContiguous(const storage::Uri& table, const LogSegment& segment) {
  if (segment.commits.empty()) return;
  const int64_t first = segment.commits.front().version;
  int64_t expected = segment.checkpoint ? segment.checkpoint->version + 1 : 0;
  if (!segment.checkpoint && first > 0) {
    throw Error(
        error_class::kTruncatedLog,
        "cannot reconstruct version {} of '{}': its log begins with version {} and has no checkpoint before it; "
        "the version was cleaned up, read a newer one",
        segment.version, table.ToString(), first);
  }
  for (const CommitFile& commit : segment.commits) {
    if (commit.version != expected) {
      throw Error(error_class::kVersionsNotContiguous,
                  "the log of '{}' has no version {}, but has version {}; restore the missing file", table.ToString(),
                  expected, commit.version);
    }
    ++expected;
  }
}

// nullopt when the listing holds no version at all.
std::optional<LogSegment> MakeSegment(const storage::Uri& table, const Listing& listing,
                                      std::optional<int64_t> version) {
  const int64_t limit = version.value_or(std::numeric_limits<int64_t>::max());
  LogSegment segment;
  segment.checkpoint = NewestComplete(listing, limit);
  const int64_t checkpoint_version = segment.checkpoint ? segment.checkpoint->version : -1;
  segment.version = checkpoint_version;
  for (const CommitFile& commit : listing.commits) {
    if (commit.version > limit) break;
    if (commit.version < checkpoint_version) continue;
    if (commit.version > checkpoint_version) segment.commits.push_back(commit);
    segment.version = commit.version;
    segment.last_commit = commit;
  }
  if (segment.version < 0) return std::nullopt;
  CheckContiguous(table, segment);
  return segment;
}

}  // namespace

int64_t LogSegment::modified_ms() const {
  return last_commit ? last_commit->modified_ms : checkpoint->parts.front().modified_ms;
}

std::optional<LogSegment> ListLogSegment(storage::FileSystem& files, const storage::Uri& table,
                                         std::optional<int64_t> version) {
  std::optional<int64_t> hint = ReadLastCheckpointVersion(files, table);
  if (hint && version && *hint > *version) hint = std::nullopt;
  Listing listing = ListLog(files, table, hint.value_or(0));
  // A hint may be wrong, or its checkpoint be gone: the whole listing rules.
  if (hint && !NewestComplete(listing, version.value_or(std::numeric_limits<int64_t>::max()))) {
    listing = ListLog(files, table, 0);
  }
  const bool is_empty = listing.commits.empty() && listing.checkpoints.empty();
  if (is_empty) return std::nullopt;
  auto segment = MakeSegment(table, listing, version);
  if (!segment || (version && segment->version != *version)) {
    const int64_t newest = segment ? segment->version : listing.commits.empty() ? -1 : listing.commits.back().version;
    throw Error(error_class::kVersionNotFound, "the table '{}' has no version {}; the version nearest to it is {}",
                table.ToString(), version.value_or(0), newest);
  }
  return segment;
}

std::optional<int64_t> NewestCheckpointVersion(storage::FileSystem& files, const storage::Uri& table, int64_t version) {
  const auto newest = NewestComplete(ListLog(files, table, 0), version);
  return newest ? std::optional(newest->version) : std::nullopt;
}

std::vector<CommitFile> ListCommits(storage::FileSystem& files, const storage::Uri& table, int64_t first) {
  std::vector<CommitFile> commits = ListLog(files, table, first).commits;
  std::erase_if(commits, [&](const CommitFile& commit) { return commit.version < first; });
  return commits;
}

}  // namespace quell::delta
