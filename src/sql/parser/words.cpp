#include "sql/parser/words.h"

namespace quell::sql {
namespace {

// What may follow a query or a clause of it.
bool AtQueryClause(const TokenStream& in) {
  return in.AtAnyWord(
             {"FROM", "WHERE", "HAVING", "LIMIT", "OFFSET", "UNION", "EXCEPT", "MINUS", "SETMINUS", "INTERSECT"}) ||
         in.AtWords({"GROUP", "BY"}) || in.AtWords({"ORDER", "BY"}) || in.AtWords({"SORT", "BY"}) ||
         in.AtWords({"CLUSTER", "BY"}) || in.AtWords({"DISTRIBUTE", "BY"}) || in.AtWords({"LATERAL", "VIEW"}) ||
         (in.AtWord("WINDOW") && in.AtName(1) && in.AtWord("AS", 2));
}

}  // namespace

bool AtImplicitColumnAlias(const TokenStream& in) {
  if (!in.AtName()) return false;
  if (in.Peek().kind == TokenKind::kQuotedName) return true;
  return !AtQueryClause(in) && !in.AtAnyWord({"AS", "AND", "OR", "NOT", "IN", "IS", "BETWEEN", "LIKE", "ILIKE", "RLIKE",
                                              "ON", "WHEN", "THEN", "ELSE", "END", "LATERAL", "USING", "FOR"});
}

bool AtImplicitTableAlias(const TokenStream& in) {
  if (!in.AtName()) return false;
  if (in.Peek().kind == TokenKind::kQuotedName) return true;
  if (AtQueryClause(in)) return false;
  return !in.AtAnyWord({"AS",          "ON",   "USING", "JOIN",    "INNER",   "CROSS",  "LEFT",  "RIGHT",
                        "FULL",        "SEMI", "ANTI",  "NATURAL", "LATERAL", "SELECT", "PIVOT", "UNPIVOT",
                        "TABLESAMPLE", "WITH", "SET",   "WHEN",    "INSERT",  "ORDER",  "GROUP", "VALUES"});
}

bool AtClauseWord(const TokenStream& in) {
  if (in.Peek().kind != TokenKind::kWord) return false;
  const Token& next = in.Peek(1);
  const bool is_column = next.kind == TokenKind::kEnd ||
                         (next.kind == TokenKind::kSymbol && next.text != "(" && next.text != "*" && next.text != "`");
  if (is_column) return false;
  return AtQueryClause(in) || in.AtAnyWord({"SELECT", "AS", "AND", "OR", "IN", "IS", "BETWEEN", "LIKE", "WHEN", "THEN",
                                            "ELSE", "ON", "JOIN", "BY"});
}

}  // namespace quell::sql
