#include "delta/snapshot/time_travel.h"

#include <algorithm>

#include "data/format.h"
#include "delta/error_classes.h"
#include "delta/log/commit.h"
#include "delta/snapshot/snapshot.h"
#include "delta/spec/table_properties.h"

namespace quell::delta {

namespace {

constexpr int64_t kMicrosPerMilli = 1000;

// Makes file times strictly ascending, as Spark does, so that the order of times is that of versions.
std::vector<CommitFile> WithAscendingTimes(std::vector<CommitFile> commits) {
  for (size_t i = 1; i < commits.size(); ++i) {
    commits[i].modified_ms = std::max(commits[i].modified_ms, commits[i - 1].modified_ms + 1);
  }
  return commits;
}

// Commit times of a log: those of its files, but where the table keeps times in its commits, those count.
class CommitTimes {
 public:
  CommitTimes(storage::FileSystem& files, std::vector<CommitFile> commits, std::optional<int64_t> first_in_commit)
      : files_(files), commits_(WithAscendingTimes(std::move(commits))), first_in_commit_(first_in_commit) {}

  int64_t At(size_t i) const {
    if (!first_in_commit_ || commits_[i].version < *first_in_commit_) return commits_[i].modified_ms;
    const CommitPtr commit = ReadCommit(files_, commits_[i]);
    const auto* info = commit->Find<CommitInfo>();
    return info && info->in_commit_timestamp_ms ? *info->in_commit_timestamp_ms : commits_[i].modified_ms;
  }

  // How many commits are at or before this time.
  size_t CountUntil(int64_t timestamp_us) const {
    size_t begin = 0;
    size_t end = commits_.size();
    while (begin < end) {
      const size_t middle = begin + (end - begin) / 2;
      if (At(middle) * kMicrosPerMilli <= timestamp_us) {
        begin = middle + 1;
      } else {
        end = middle;
      }
    }
    return begin;
  }

 private:
  storage::FileSystem& files_;
  const std::vector<CommitFile> commits_;
  const std::optional<int64_t> first_in_commit_;
};

// The version from which on commits hold their time; nullopt when they do not.
std::optional<int64_t> FirstInCommitTimestamp(const Snapshot& latest) {
  if (!latest.has_in_commit_timestamps()) return std::nullopt;
  return InCommitTimestampEnablementVersion(latest.metadata()).value_or(0);
}

}  // namespace

std::optional<int64_t> VersionAtTimestamp(const storage::FileSystemPtr& files, const storage::Uri& table,
                                          int64_t timestamp_us) {
  const SnapshotPtr latest = Snapshot::Load(files, table);
  if (!latest) return std::nullopt;
  const auto commits = ListCommits(*files, table, 0);
  if (commits.empty()) return latest->version();
  const CommitTimes times(*files, commits, FirstInCommitTimestamp(*latest));
  const size_t count = times.CountUntil(timestamp_us);
  const auto text_of = [&](size_t i) { return FormatLocalTimestamp(times.At(i) * kMicrosPerMilli); };
  if (count == 0) {
    throw Error(error_class::kTimestampTooEarly,
                "the timestamp {} (UTC) is before the earliest version {} of '{}', of {}; use a later one",
                FormatLocalTimestamp(timestamp_us), commits.front().version, table.ToString(), text_of(0));
  }
  if (count == commits.size() && times.At(count - 1) * kMicrosPerMilli < timestamp_us) {
    throw Error(error_class::kTimestampTooLate,
                "the timestamp {} (UTC) is after the latest version {} of '{}', of {}; use an earlier one",
                FormatLocalTimestamp(timestamp_us), commits.back().version, table.ToString(), text_of(count - 1));
  }
  return commits[count - 1].version;
}

std::vector<HistoryEntry> ReadHistory(storage::FileSystem& files, const storage::Uri& table, size_t limit) {
  std::vector<CommitFile> commits = WithAscendingTimes(ListCommits(files, table, 0));
  std::reverse(commits.begin(), commits.end());
  if (commits.size() > limit) commits.resize(limit);
  std::vector<HistoryEntry> history;
  for (const CommitPtr& commit : ReadCommits(files, commits)) {
    HistoryEntry entry{commit->version, commit->modified_ms};
    if (const auto* info = commit->Find<CommitInfo>()) {
      entry.info = *info;
      if (info->in_commit_timestamp_ms) entry.timestamp_ms = *info->in_commit_timestamp_ms;
    }
    history.push_back(std::move(entry));
  }
  return history;
}

}  // namespace quell::delta
