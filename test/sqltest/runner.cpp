#include "runner.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "base/error.h"
#include "session/session.h"
#include "temporary_folder.h"
#include "text_result.h"

namespace quell::sqltest {
namespace {

constexpr std::string_view kEmptyLine = "(empty)";

std::string ReplaceAll(std::string text, const std::string& from, const std::string& to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// A line as it stands in a file: no line breaks, and not empty.
std::string Escape(const std::string& line) {
  if (line.empty()) return std::string(kEmptyLine);
  return ReplaceAll(ReplaceAll(line, "\n", "\\n"), "\r", "\\r");
}

Lines EscapedLines(const std::string& text) {
  Lines lines = SplitLines(text);
  for (std::string& line : lines) line = Escape(line);
  return lines;
}

std::string TypesOf(const Schema& schema) {
  std::vector<std::string> types;
  for (const Field& field : schema.fields()) types.push_back(field.type.ToString());
  return fmt::format("{}", fmt::join(types, ","));
}

bool MatchesClass(std::string_view actual, std::string_view expected) {
  return actual == expected || (actual.starts_with(expected) && actual[expected.size()] == '.');
}

class Runner {
 public:
  Runner(const Places& places, const std::map<std::string, std::string>& settings)
      : session_(settings),
        variables_{{"${TMP}", folder_.path().string()},
                   {"${REPO}", places.repo.string()},
                   {"${CONFORMANCE}", places.conformance.string()}} {
    session_.config().Set("spark.sql.warehouse.dir", (folder_.path() / "warehouse").string());
    if (!settings.contains("spark.sql.session.timeZone")) session_.config().Set("spark.sql.session.timeZone", "UTC");
  }

  // What the block gives, as the block that would expect just that. Throws what is neither a result nor an error of
  // SQL.
  Block Run(const Block& block) {
    if (block.kind == BlockKind::kText || block.kind == BlockKind::kRequire || block.kind == BlockKind::kBudget) {
      return block;
    }
    try {
      return RunChecked(block);
    } catch (const Error& error) {
      if (block.kind == BlockKind::kSet) throw;
      Block actual = block;
      actual.kind = BlockKind::kStatementError;
      const bool same_class =
          block.kind == BlockKind::kStatementError && MatchesClass(error.error_class().name, block.argument);
      if (!same_class) actual.argument = error.error_class().name;
      if (!same_class || block.expected) actual.expected = EscapedLines(Fold(error.message()));
      return actual;
    }
  }

 private:
  Block RunChecked(const Block& block) {
    Block actual = block;
    if (block.kind == BlockKind::kSet) {
      const size_t blank = block.argument.find(' ');
      session_.config().Set(block.argument.substr(0, blank),
                            blank == std::string::npos ? "" : Unfold(block.argument.substr(blank + 1)));
      return actual;
    }
    const std::string sql = Sql(block);
    if (block.kind == BlockKind::kPlan) {
      actual.expected = EscapedLines(Fold(session_.OptimizedPlan(sql)));
      return actual;
    }
    TextResult result(TextOptions(session_.config()));
    session_.Run(sql, result);
    if (block.kind != BlockKind::kQuery) {
      actual.kind = BlockKind::kStatementOk;
      actual.argument.clear();
      actual.expected.reset();
      return actual;
    }
    if (block.argument != "*") actual.argument = TypesOf(result.schema());
    Lines rows;
    for (const std::string& row : result.rows()) rows.push_back(Escape(Fold(row)));
    if (block.rowsort) std::sort(rows.begin(), rows.end());
    actual.expected = std::move(rows);
    return actual;
  }

  std::string Sql(const Block& block) const {
    std::string sql = Unfold(fmt::format("{}", fmt::join(block.body, "\n")));
    while (!sql.empty() && (sql.back() == ';' || sql.back() == ' ')) sql.pop_back();
    return sql;
  }

  // Puts the folders in place of their variables, and back.
  std::string Unfold(std::string text) const {
    for (const auto& [name, value] : variables_) text = ReplaceAll(std::move(text), name, value);
    return text;
  }
  std::string Fold(std::string text) const {
    for (const auto& [name, value] : variables_) {
      if (!value.empty()) text = ReplaceAll(std::move(text), value, name);
    }
    return text;
  }

  TemporaryFolder folder_;
  Session session_;
  // In the order in which they are looked for: a folder stands before the folders around it.
  const std::vector<std::pair<std::string, std::string>> variables_;
};

std::optional<std::string> MissingRequirement(const std::vector<Block>& blocks, const Places& places) {
  for (const Block& block : blocks) {
    if (block.kind != BlockKind::kRequire) continue;
    if (block.argument != "conformance") {
      throw ScriptError(fmt::format("line {}: no requirement of the name {}", block.line, block.argument));
    }
    if (!std::filesystem::exists(places.conformance)) return "no folder " + places.conformance.string();
  }
  return std::nullopt;
}

std::optional<std::string> Difference(const Block& block, const Block& actual) {
  Block expected = block;
  if (block.rowsort && expected.expected) std::sort(expected.expected->begin(), expected.expected->end());
  const std::string want = PrintScript({expected});
  const std::string got = PrintScript({actual});
  if (want == got) return std::nullopt;
  return fmt::format("expected:\n{}got:\n{}", want, got);
}

}  // namespace

RunResult RunScript(const std::vector<Block>& blocks, const Places& places,
                    const std::map<std::string, std::string>& settings) {
  RunResult result;
  result.missing = MissingRequirement(blocks, places);
  if (result.missing) {
    result.actual = blocks;
    return result;
  }
  Runner runner(places, settings);
  for (const Block& block : blocks) {
    result.actual.push_back(block);
    try {
      result.actual.back() = runner.Run(block);
      if (auto difference = Difference(block, result.actual.back())) {
        result.failures.push_back({block.line, std::move(*difference)});
      }
    } catch (const std::exception& error) {
      result.failures.push_back({block.line, error.what()});
    }
  }
  return result;
}

}  // namespace quell::sqltest
