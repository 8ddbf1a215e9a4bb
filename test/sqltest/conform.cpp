#include "conform.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <regex>

#include "base/error.h"
#include "base/json_writer.h"
#include "recorded_statement.h"
#include "script.h"
#include "session/session.h"
#include "temporary_folder.h"
#include "text_result.h"

namespace quell::sqltest {
namespace {

// The tables that exist before each session.
constexpr const char* kTables[] = {
    "CREATE TEMPORARY VIEW testdata AS SELECT CAST(id AS INT) AS key, CAST(id AS STRING) AS value FROM range(1, 101)",
    "CREATE TEMPORARY VIEW arraydata AS SELECT * FROM VALUES (array(1, 2, 3), array(array(1, 2, 3))), "
    "(array(2, 3, 4), array(array(2, 3, 4))) AS t(arraycol, nestedarraycol)",
    "CREATE TEMPORARY VIEW mapdata AS SELECT * FROM VALUES (map(1, 'a1', 2, 'b1', 3, 'c1', 4, 'd1', 5, 'e1')), "
    "(map(1, 'a2', 2, 'b2', 3, 'c2', 4, 'd2')), (map(1, 'a3', 2, 'b3', 3, 'c3')), (map(1, 'a4', 2, 'b4')), "
    "(map(1, 'a5')) AS t(mapcol)",
    "CREATE TEMPORARY VIEW aggtest AS SELECT CAST(a AS INT) AS a, CAST(b AS FLOAT) AS b FROM VALUES (56, 7.8), "
    "(100, 99.097), (0, 0.09561), (42, 324.78) AS t(a, b)",
};

std::map<std::string, std::string> SettingsFor(const std::string& path) {
  std::map<std::string, std::string> settings{{"spark.sql.session.timeZone", "America/Los_Angeles"}};
  if (path.find("/nonansi/") != std::string::npos) settings["spark.sql.ansi.enabled"] = "false";
  if (path.find("/timestampNTZ/") != std::string::npos) settings["spark.sql.timestampType"] = "TIMESTAMP_NTZ";
  return settings;
}

Lines NormalLines(std::string_view text) {
  static const std::regex expression_id("#(\\d+|x)L?");
  Lines lines = SplitLines(std::regex_replace(std::string(text), expression_id, "#x"));
  for (std::string& line : lines) line.erase(line.find_last_not_of(" \t\r") + 1);
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

std::string FirstDifference(const Lines& actual, const Lines& recorded) {
  const size_t common = std::min(actual.size(), recorded.size());
  for (size_t i = 0; i < common; ++i) {
    if (!MatchesRecorded(actual[i], recorded[i]))
      return fmt::format("row {}: {} instead of {}", i + 1, actual[i], recorded[i]);
  }
  if (actual.size() == recorded.size()) return "";
  return fmt::format("{} rows instead of {}", actual.size(), recorded.size());
}

// Why the statement's result is not the recorded one; empty when it is.
std::string CompareResult(const RecordedStatement& statement, TextResult& result) {
  if (statement.error) return fmt::format("rows instead of the error {}", statement.error->error_class);
  if (statement.is_setup()) return "";
  if (!MatchesRecorded(result.schema().ToString(), statement.schema)) {
    return fmt::format("schema {} instead of {}", result.schema().ToString(), statement.schema);
  }
  Lines actual = NormalLines(fmt::format("{}", fmt::join(result.rows(), "\n")));
  Lines recorded = NormalLines(statement.output);
  if (!statement.is_sorted()) {
    std::sort(actual.begin(), actual.end());
    std::sort(recorded.begin(), recorded.end());
  }
  return FirstDifference(actual, recorded);
}

std::string CompareError(const RecordedStatement& statement, const Error& error) {
  if (!statement.error) return fmt::format("{}", error.what());
  if (statement.error->error_class == error.error_class().name &&
      statement.error->sql_state == error.error_class().sql_state) {
    return "";
  }
  return fmt::format("the error {} ({}) instead of {} ({}): {}", error.error_class().name,
                     error.error_class().sql_state, statement.error->error_class, statement.error->sql_state,
                     error.message());
}

std::string Score(Session& session, const RecordedStatement& statement) {
  try {
    TextResult result(TextOptions(session.config()), true);
    session.Run(statement.sql, result);
    return CompareResult(statement, result);
  } catch (const Error& error) {
    return CompareError(statement, error);
  } catch (const std::exception& error) {
    return fmt::format("not an SQL error: {}", error.what());
  }
}

}  // namespace

void RunRecordedSession(const std::string& path) {
  const RecordedSession recorded = ReadRecordedSession(path);
  const TemporaryFolder folder;
  Session session(SettingsFor(path));
  session.config().Set("spark.sql.warehouse.dir", (folder.path() / "warehouse").string());
  for (const auto& [key, value] : recorded.settings) session.config().Set(key, value);
  for (const char* table : kTables) {
    try {
      session.Collect(table);
    } catch (const Error&) {
      // The statements that use the table fail then, and say so.
    }
  }
  for (const RecordedStatement& statement : recorded.statements) {
    if (statement.left_out) continue;
    const std::string reason = Score(session, statement);
    fmt::print("{{\"line\": {}, \"passed\": {}, \"reason\": {}}}\n", statement.line, reason.empty(), QuoteJson(reason));
    std::fflush(stdout);
  }
}

}  // namespace quell::sqltest
