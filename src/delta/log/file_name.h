// Names in the `_delta_log` folder.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "storage/uri.h"

namespace quell::delta {

enum class LogFileKind : uint8_t {
  kCommit,               // n.json
  kClassicCheckpoint,    // n.checkpoint.parquet
  kMultiPartCheckpoint,  // n.checkpoint.o.p.parquet
  kUuidCheckpoint,       // n.checkpoint.<uuid>.json or .parquet
};

struct LogFileName {
  LogFileKind kind;
  int64_t version;
  int32_t part = 1;  // of a multi-part checkpoint, from 1
  int32_t num_parts = 1;

  bool operator==(const LogFileName&) const = default;
};

// nullopt for all other files: checksums, compacted commits, what users put there.
std::optional<LogFileName> ParseLogFileName(std::string_view name);

storage::Uri LogFolder(const storage::Uri& table);
storage::Uri CommitUri(const storage::Uri& table, int64_t version);
storage::Uri ClassicCheckpointUri(const storage::Uri& table, int64_t version);
storage::Uri LastCheckpointUri(const storage::Uri& table);
// The name of a version: twenty digits.
std::string VersionDigits(int64_t version);

}  // namespace quell::delta
