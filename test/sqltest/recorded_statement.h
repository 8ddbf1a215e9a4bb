// One statement of a recorded session, with what Spark answered.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace quell::sqltest {

struct RecordedError {
  std::string error_class;  // empty where Spark recorded none
  std::string sql_state;
};

struct RecordedStatement {
  int line = 0;
  std::string sql;
  std::string schema;
  std::string output;
  std::optional<RecordedError> error = {};
  // Needs a table that is not there.
  bool left_out = false;

  // Rows do not matter for a statement that only sets something up.
  bool is_setup() const;
  // Sorted by a top-level ORDER BY.
  bool is_sorted() const;
};

struct RecordedSession {
  // key and value of SET directives
  std::vector<std::pair<std::string, std::string>> settings;
  std::vector<RecordedStatement> statements;
};

RecordedSession ReadRecordedSession(const std::string& path);

// Whether a line is the recorded one, which may have masks for what varies.
bool MatchesRecorded(std::string_view actual, std::string_view recorded);

}  // namespace quell::sqltest
