#include "recorded_statement.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <regex>

namespace quell::sqltest {
namespace {

constexpr std::string_view kMask = "[not included in comparison]";

std::string ToUpper(std::string_view text) {
  std::string upper(text);
  std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) { return std::toupper(c); });
  return upper;
}

std::string FirstWord(std::string_view sql) {
  size_t begin = 0;
  while (begin < sql.size() && !std::isalpha(static_cast<unsigned char>(sql[begin]))) ++begin;
  size_t end = begin;
  while (end < sql.size() && std::isalpha(static_cast<unsigned char>(sql[end]))) ++end;
  return ToUpper(sql.substr(begin, end - begin));
}

std::string StringOf(simdjson::dom::element element, std::string_view key) {
  std::string_view text;
  return element[key].get(text) == simdjson::SUCCESS ? std::string(text) : "";
}

// An output that begins with the name of a Java exception is an error; its JSON follows.
std::optional<RecordedError> ParseError(const std::string& output) {
  static const std::regex exception_name(R"(^[a-z]\w*(\.\w+)+(Exception|Error)$)");
  const size_t end = output.find('\n');
  if (!std::regex_match(output.substr(0, end), exception_name)) return std::nullopt;
  RecordedError error;
  if (end == std::string::npos) return error;
  simdjson::dom::parser parser;
  simdjson::dom::element json;
  if (parser.parse(output.substr(end + 1)).get(json) != simdjson::SUCCESS) return error;
  error.error_class = StringOf(json, "errorClass");
  error.sql_state = StringOf(json, "sqlState");
  return error;
}

std::string Trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(' ');
  return begin == std::string_view::npos ? "" : std::string(text.substr(begin, text.find_last_not_of(' ') - begin + 1));
}

// "SET k=v,k=v"; other directives do not change results.
void ParseDirective(std::string_view directive, std::vector<std::pair<std::string, std::string>>& settings) {
  if (!directive.starts_with("SET ")) return;
  directive.remove_prefix(4);
  while (!directive.empty()) {
    const std::string_view setting = directive.substr(0, directive.find(','));
    const size_t equals = std::min(setting.find('='), setting.size());
    settings.emplace_back(Trim(setting.substr(0, equals)), Trim(setting.substr(std::min(equals + 1, setting.size()))));
    directive.remove_prefix(std::min(setting.size() + 1, directive.size()));
  }
}

}  // namespace

bool RecordedStatement::is_setup() const {
  static constexpr std::array kWords = {"ALTER",  "ANALYZE", "CACHE",    "CLEAR",   "CREATE", "DECLARE",
                                        "DELETE", "DROP",    "INSERT",   "MERGE",   "MSCK",   "REFRESH",
                                        "RESET",  "SET",     "TRUNCATE", "UNCACHE", "UPDATE", "USE"};
  const std::string word = FirstWord(sql);
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

bool RecordedStatement::is_sorted() const {
  const std::string upper = ToUpper(sql);
  int depth = 0;
  for (size_t i = 0; i < upper.size(); ++i) {
    if (upper[i] == '(') ++depth;
    if (upper[i] == ')') --depth;
    if (depth != 0 || upper.compare(i, 5, "ORDER") != 0) continue;
    const size_t next = upper.find_first_not_of(" \n\t", i + 5);
    if (next != std::string::npos && upper.compare(next, 2, "BY") == 0) return true;
  }
  return false;
}

RecordedSession ReadRecordedSession(const std::string& path) {
  RecordedSession session;
  simdjson::dom::parser parser;
  simdjson::dom::document_stream lines = parser.load_many(path, 4 << 20);
  int number = 0;
  for (simdjson::dom::element element : lines) {
    ++number;
    simdjson::dom::array directives;
    if (number == 1) {
      if (element["directives"].get(directives) == simdjson::SUCCESS) {
        for (std::string_view directive : directives) ParseDirective(directive, session.settings);
      }
      continue;
    }
    RecordedStatement statement{.line = number,
                                .sql = StringOf(element, "sql"),
                                .schema = StringOf(element, "schema"),
                                .output = StringOf(element, "output")};
    statement.error = ParseError(statement.output);
    statement.left_out = element["needs"].error() == simdjson::SUCCESS;
    session.statements.push_back(std::move(statement));
  }
  return session;
}

bool MatchesRecorded(std::string_view actual, std::string_view recorded) {
  const size_t mask = recorded.find(kMask);
  if (mask == std::string_view::npos) return actual == recorded;
  if (!actual.starts_with(recorded.substr(0, mask))) return false;
  actual.remove_prefix(mask);
  recorded.remove_prefix(mask + kMask.size());
  for (size_t skipped = 0; skipped <= actual.size(); ++skipped) {
    if (MatchesRecorded(actual.substr(skipped), recorded)) return true;
  }
  return false;
}

}  // namespace quell::sqltest
