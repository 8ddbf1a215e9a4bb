#include "sql/script.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <optional>

#include "data/schema.h"
#include "sql/lexer.h"

namespace quell::sql {
namespace {

bool IsBlank(char c) { return static_cast<unsigned char>(c) <= ' '; }

SourceLocation Advance(SourceLocation location, std::string_view text) {
  for (const char c : text) {
    if (c == '\n') {
      ++location.line;
      location.column = 1;
    } else if ((c & 0xC0) != 0x80) {
      ++location.column;
    }
  }
  return location;
}

// Pieces of a script between semicolons, with the offset of the first token, if there is one.
struct Piece {
  size_t first = std::string_view::npos;  // of the first token
  size_t end = 0;                         // behind the last token
  bool has_semicolon = false;
  bool is_open = false;  // ends in a quote or comment that is not closed
};

std::vector<Piece> Cut(std::string_view script) {
  std::vector<Piece> pieces(1);
  for (size_t offset = 0; offset < script.size();) {
    Piece& piece = pieces.back();
    bool closed = true;
    const size_t end = SkipQuoted(script, offset, &closed);
    piece.is_open |= !closed;
    if (end == offset && script[offset] == ';') {
      piece.has_semicolon = true;
      pieces.emplace_back();
      ++offset;
      continue;
    }
    const size_t next = std::max(end, offset + 1);
    const bool is_token = !IsBlank(script[offset]) && (end == offset || !IsComment(script, offset) || !closed);
    if (is_token) {
      if (piece.first == std::string_view::npos) piece.first = offset;
      piece.end = next;
    }
    offset = next;
  }
  return pieces;
}

// What ${...} names; nothing where its text is no name of a variable.
std::optional<Variable> ParseVariable(std::string_view text) {
  const size_t colon = text.find(':');
  const std::string_view key = colon == std::string_view::npos ? text : text.substr(colon + 1);
  const auto is_part = [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '.'; };
  if (key.empty() || !std::all_of(key.begin(), key.end(), is_part)) return std::nullopt;
  const std::string_view prefix = text.substr(0, text.size() - key.size());
  if (prefix == "env:") return Variable{std::string(key), true};
  for (const std::string_view known : {"", "hiveconf:", "hivevar:", "spark:", "sparkconf:"}) {
    if (prefix == known) return Variable{std::string(key), false};
  }
  return std::nullopt;
}

std::optional<std::string> ValueOf(const Variable& variable, const std::map<std::string, std::string>& variables) {
  if (variable.is_environment) {
    const char* value = std::getenv(variable.key.c_str());
    return value ? std::optional<std::string>(value) : std::nullopt;
  }
  const auto found = variables.find(variable.key);
  return found == variables.end() ? std::nullopt : std::optional<std::string>(found->second);
}

}  // namespace

std::vector<ScriptStatement> SplitStatements(std::string_view script) {
  std::vector<ScriptStatement> statements;
  SourceLocation location{1, 1};
  size_t reached = 0;
  for (const Piece& piece : Cut(script)) {
    if (piece.first == std::string_view::npos) continue;
    location = Advance(location, script.substr(reached, piece.first - reached));
    reached = piece.first;
    statements.push_back({std::string(script.substr(piece.first, piece.end - piece.first)), location});
  }
  return statements;
}

bool IsIncomplete(std::string_view script) {
  const Piece last = Cut(script).back();
  return last.is_open || last.first != std::string_view::npos;
}

bool IsExplain(std::string_view statement) {
  const auto is_letter = [](unsigned char c) { return std::isalpha(c) || c == '_'; };
  const auto end = std::find_if_not(statement.begin(), statement.end(), is_letter);
  return SameName({statement.begin(), end}, "explain");
}

std::string Substitute(std::string_view text, const std::map<std::string, std::string>& variables,
                       std::set<Variable>* unknown) {
  std::string result;
  while (true) {
    const size_t begin = text.find("${");
    const size_t end = begin == std::string_view::npos ? begin : text.find('}', begin);
    if (end == std::string_view::npos) return result.append(text);
    const std::optional<Variable> variable = ParseVariable(text.substr(begin + 2, end - begin - 2));
    const std::optional<std::string> value = variable ? ValueOf(*variable, variables) : std::nullopt;
    if (variable && !value && unknown) unknown->insert(*variable);
    result.append(text.substr(0, begin));
    if (value) {
      result.append(*value);
      text.remove_prefix(end + 1);
    } else {
      result.append("${");
      text.remove_prefix(begin + 2);
    }
  }
}

}  // namespace quell::sql
