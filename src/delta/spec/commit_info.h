// The commitInfo action: who did what. Not part of a table's state.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace quell::delta {

struct CommitInfo {
  std::optional<int64_t> timestamp_ms = {};
  std::optional<int64_t> in_commit_timestamp_ms = {};  // first of all where the table has inCommitTimestamp
  std::optional<std::string> user_id = {};
  std::optional<std::string> user_name = {};
  std::string operation = {};                                    // "WRITE", "CREATE TABLE AS SELECT" ...
  std::map<std::string, std::string> operation_parameters = {};  // values that are no strings: their JSON text
  std::optional<int64_t> read_version = {};
  std::optional<std::string> isolation_level = {};
  std::optional<bool> is_blind_append = {};
  std::map<std::string, std::string> operation_metrics = {};
  std::optional<std::string> user_metadata = {};
  std::optional<std::string> engine_info = {};
  std::optional<std::string> txn_id = {};  // unique to one attempt of a writer to change the table

  bool operator==(const CommitInfo&) const = default;
};

}  // namespace quell::delta
