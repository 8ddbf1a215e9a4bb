#include "sql/parser.h"

#include "sql/error_classes.h"
#include "sql/parser/command.h"
#include "sql/parser/expression.h"
#include "sql/parser/query.h"
#include "sql/token_stream.h"

namespace quell::sql {

using namespace unresolved;

namespace {

Statement ParseCommand(TokenStream& in);

Statement ParseExplain(TokenStream& in) {
  const NestingScope scope(in);
  in.Expect("EXPLAIN");
  Explain explain{Explain::Mode::kSimple, nullptr};
  if (in.Accept("ANALYZE")) {
    explain.mode = Explain::Mode::kAnalyze;
  } else if (in.AtAnyWord({"EXTENDED", "CODEGEN", "COST", "LOGICAL"})) {
    in.Next();
    explain.mode = Explain::Mode::kExtended;
  } else {
    in.Accept("FORMATTED");
  }
  explain.statement = std::make_shared<const Statement>(ParseCommand(in));
  return {std::move(explain), {}};
}

// WITH before a query or before an INSERT, whose query then sees the expressions.
Statement ParseWith(TokenStream& in) {
  const size_t begin = in.position();
  in.Expect("WITH");
  std::vector<With::Cte> ctes = ParseCtes(in);
  if (!in.AtWord("INSERT")) {
    in.MoveTo(begin);
    return {Query{ParseQuery(in)}, {}};
  }
  Statement statement = ParseInsert(in);
  Insert& insert = std::get<Insert>(statement.node);
  insert.query = MakeRelation(With{std::move(insert.query), std::move(ctes)}, in.At(begin).location);
  return statement;
}

// Statements of Spark's that are refused by name.
bool AtKnownCommand(const TokenStream& in) {
  return in.AtAnyWord({"ALTER",    "ANALYZE", "BEGIN",   "CACHE",    "CALL",    "CLEAR",  "COMMENT", "DECLARE",
                       "DELETE",   "DFS",     "EXECUTE", "EXPORT",   "IMPORT",  "LIST",   "LOAD",    "LOCK",
                       "MERGE",    "MSCK",    "ADD",     "OPTIMIZE", "REFRESH", "REPAIR", "RESTORE", "SHOW",
                       "TRUNCATE", "UNCACHE", "UPDATE",  "USE",      "VACUUM",  "GRANT",  "REVOKE"});
}

Statement ParseCommand(TokenStream& in) {
  if (in.AtWord("CREATE") || (in.AtWord("REPLACE") && in.AtWord("TABLE", 1))) return ParseCreate(in);
  if (in.AtWord("DROP")) return ParseDrop(in);
  if (in.AtWord("INSERT")) return ParseInsert(in);
  if (in.AtWord("EXPLAIN")) return ParseExplain(in);
  if (in.AtAnyWord({"DESCRIBE", "DESC"})) return ParseDescribe(in);
  if (in.AtWord("WITH")) return ParseWith(in);
  if (AtKnownCommand(in)) in.Refuse(fmt::format("the statement {}", in.Peek().text));
  if (!StartsQuery(in) && !in.AtSymbol("(") &&
      !in.AtAnyWord({"SELECT", "VALUES", "WITH", "FROM", "TABLE", "MAP", "REDUCE"})) {
    in.Fail("a statement");
  }
  return {Query{ParseQuery(in)}, {}};
}

// Takes blanks and semicolons off the end.
std::string_view WithoutEnd(std::string_view text) {
  while (!text.empty() && (text.back() == ';' || static_cast<unsigned char>(text.back()) <= ' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

Statement ParseStatement(std::string_view text, SourceLocation start, bool timestamp_is_ntz) {
  const std::string_view body = WithoutEnd(text);
  if (std::optional<Statement> setting = ParseSetting(body, start)) {
    setting->text = body;
    return *std::move(setting);
  }
  TokenStream in(text, start, timestamp_is_ntz);
  if (in.AtEnd() || in.AtSymbol(";")) throw Error(kParseEmptyStatement, start, "the statement is empty");
  Statement statement = ParseCommand(in);
  while (in.AcceptSymbol(";")) {
  }
  if (!in.AtEnd()) in.Fail("the end of the statement");
  statement.text = body;
  return statement;
}

ExprPtr ParseSingleExpression(std::string_view text, bool timestamp_is_ntz) {
  TokenStream in(text, {1, 1}, timestamp_is_ntz);
  ExprPtr expr = ParseNamedExpression(in);
  if (!in.AtEnd()) in.Fail("the end of the expression");
  return expr;
}

}  // namespace quell::sql
