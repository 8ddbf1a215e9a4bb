#include "delta/log/file_name.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include <fmt/format.h>

namespace quell::delta {

namespace {

constexpr size_t kVersionDigits = 20;
constexpr size_t kPartDigits = 10;

std::optional<int64_t> ParseDigits(std::string_view text, size_t num_digits) {
  int64_t number = 0;
  if (text.size() != num_digits || text[0] == '-') return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::vector<std::string_view> SplitAtPoints(std::string_view name) {
  std::vector<std::string_view> pieces;
  while (true) {
    const size_t point = name.find('.');
    pieces.push_back(name.substr(0, point));
    if (point == std::string_view::npos) return pieces;
    name.remove_prefix(point + 1);
  }
}

bool IsUuid(std::string_view text) {
  constexpr size_t kUuidLength = 36;
  return text.size() == kUuidLength && std::count(text.begin(), text.end(), '-') == 4;
}

}  // namespace

std::optional<LogFileName> ParseLogFileName(std::string_view name) {
  const std::vector<std::string_view> pieces = SplitAtPoints(name);
  const auto version = ParseDigits(pieces[0], kVersionDigits);
  if (!version) return std::nullopt;
  if (pieces.size() == 2 && pieces[1] == "json") return LogFileName{LogFileKind::kCommit, *version};
  if (pieces.size() < 3 || pieces[1] != "checkpoint") return std::nullopt;
  const std::string_view extension = pieces.back();
  if (pieces.size() == 3 && extension == "parquet") return LogFileName{LogFileKind::kClassicCheckpoint, *version};
  if (pieces.size() == 4 && IsUuid(pieces[2]) && (extension == "parquet" || extension == "json")) {
    return LogFileName{LogFileKind::kUuidCheckpoint, *version};
  }
  if (pieces.size() == 5 && extension == "parquet") {
    const auto part = ParseDigits(pieces[2], kPartDigits);
    const auto num_parts = ParseDigits(pieces[3], kPartDigits);
    if (!part || !num_parts || *part < 1 || *part > *num_parts) return std::nullopt;
    return LogFileName{LogFileKind::kMultiPartCheckpoint, *version, static_cast<int32_t>(*part),
                       static_cast<int32_t>(*num_parts)};
  }
  return std::nullopt;
}

storage::Uri LogFolder(const storage::Uri& table) { return table.Child("_delta_log"); }

storage::Uri CommitUri(const storage::Uri& table, int64_t version) {
  return LogFolder(table).Child(VersionDigits(version) + ".json");
}

storage::Uri ClassicCheckpointUri(const storage::Uri& table, int64_t version) {
  return LogFolder(table).Child(VersionDigits(version) + ".checkpoint.parquet");
}

storage::Uri LastCheckpointUri(const storage::Uri& table) { return LogFolder(table).Child("_last_checkpoint"); }

std::string VersionDigits(int64_t version) { return fmt::format("{:020}", version); }

}  // namespace quell::delta
