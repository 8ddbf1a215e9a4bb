#include <charconv>

#include "sql/error_classes.h"
#include "sql/parser/expression.h"
#include "sql/parser/query.h"

namespace quell::sql {

using namespace unresolved;

namespace {

int64_t ParseVersion(TokenStream& in) {
  const std::string text =
      in.Peek().kind == TokenKind::kString ? DecodeString(in.Peek().text) : std::string(in.Peek().text);
  int64_t version = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, version);
  if (parsed.ec != std::errc() || parsed.ptr != end || version < 0) in.Fail("the number of a version");
  in.Next();
  return version;
}

// [FOR] VERSION | SYSTEM_VERSION AS OF n, [FOR] TIMESTAMP | SYSTEM_TIME AS OF expression.
TimeTravel ParseTimeTravel(TokenStream& in) {
  const size_t ahead = in.AtWord("FOR") ? 1 : 0;
  const bool is_version = in.AtAnyWord({"VERSION", "SYSTEM_VERSION"}, ahead);
  const bool is_timestamp = in.AtAnyWord({"TIMESTAMP", "SYSTEM_TIME"}, ahead);
  if ((!is_version && !is_timestamp) || !in.AtWord("AS", ahead + 1) || !in.AtWord("OF", ahead + 2)) return {};
  in.MoveTo(in.position() + ahead + 3);
  if (is_version) return {.version = ParseVersion(in)};
  return {.timestamp = ParseValueExpression(in)};
}

std::string ParseOptionKey(TokenStream& in) {
  if (in.Peek().kind == TokenKind::kString) return in.ExpectString();
  std::string key = in.ExpectName("the name of an option");
  while (in.AcceptSymbol(".")) key += "." + in.ExpectName();
  return key;
}

std::string ParseOptionValue(TokenStream& in) {
  if (in.Peek().kind == TokenKind::kString) return in.ExpectString();
  std::string value = in.AcceptSymbol("-") ? "-" : "";
  if (in.Peek().kind != TokenKind::kNumber && in.Peek().kind != TokenKind::kWord) in.Fail("the value of an option");
  return value.append(in.Next().text);
}

}  // namespace

std::vector<std::string> ParseQualifiedName(TokenStream& in, std::string_view what) {
  std::vector<std::string> parts = {in.ExpectName(what)};
  while (in.AcceptSymbol(".")) parts.push_back(in.ExpectName());
  return parts;
}

NamedTable ParseTableName(TokenStream& in, bool is_read) {
  NamedTable table{ParseQualifiedName(in, "a table")};
  if (!is_read) return table;
  table.time_travel = ParseTimeTravel(in);
  if (in.AtWord("WITH") && in.AtSymbol("(", 1)) {
    in.Next();
    table.options = ParseOptions(in);
  }
  return table;
}

std::vector<std::string> ParseNameList(TokenStream& in) {
  in.ExpectSymbol("(");
  std::vector<std::string> names;
  do {
    names.push_back(in.ExpectName("a column"));
  } while (in.AcceptSymbol(","));
  in.ExpectSymbol(")");
  return names;
}

Options ParseOptions(TokenStream& in) {
  Options options;
  in.ExpectSymbol("(");
  do {
    std::string key = ParseOptionKey(in);
    const bool has_value = in.AcceptSymbol("=") || (!in.AtSymbol(",") && !in.AtSymbol(")"));
    options[std::move(key)] = has_value ? ParseOptionValue(in) : "";
  } while (in.AcceptSymbol(","));
  in.ExpectSymbol(")");
  return options;
}

}  // namespace quell::sql
