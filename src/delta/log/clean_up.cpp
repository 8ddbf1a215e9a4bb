#include "delta/log/clean_up.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "delta/log/file_name.h"
#include "delta/log/log_segment.h"

namespace quell::delta {

namespace {

// "00000000000000000012.json", ".crc", ".checkpoint.parquet", ".00000000000000000015.compacted.json" ...
std::optional<int64_t> VersionOf(std::string_view name) {
  const size_t point = std::min(name.find('.'), name.size());
  const auto parsed = ParseLogFileName(std::string(name.substr(0, point)) + ".json");
  return parsed ? std::optional(parsed->version) : std::nullopt;
}

}  // namespace

int64_t CleanUpLog(storage::FileSystem& files, const storage::Uri& table, int64_t cutoff_ms) {
  const std::vector<CommitFile> commits = ListCommits(files, table, 0);
  // The newest version at the time of the cutoff. File times need not ascend: the first that is younger ends it.
  std::optional<int64_t> newest;
  for (const CommitFile& commit : commits) {
    if (commit.modified_ms > cutoff_ms) break;
    newest = commit.version;
  }
  if (!newest) return 0;
  const std::optional<int64_t> checkpoint = NewestCheckpointVersion(files, table, *newest);
  if (!checkpoint) return 0;
  std::vector<storage::Uri> expired;
  storage::ListOptions options;
  options.recursive = false;
  files.List(LogFolder(table), options, [&](const storage::FileInfo& file) {
    const auto version = VersionOf(std::string_view(file.path).substr(file.path.rfind('/') + 1));
    if (version && *version < *checkpoint) expired.push_back(storage::Uri::Parse(file.path));
    return true;
  });
  files.Delete(expired);
  return static_cast<int64_t>(expired.size());
}

}  // namespace quell::delta
