#include "sql/parser/command.h"
#include "sql/parser/expression.h"
#include "sql/parser/query.h"

namespace quell::sql {

using namespace unresolved;

namespace {

// (p = 1, q): static and dynamic partitions.
std::vector<std::pair<std::string, ExprPtr>> ParsePartition(TokenStream& in) {
  std::vector<std::pair<std::string, ExprPtr>> partition;
  in.ExpectSymbol("(");
  do {
    std::string name = in.ExpectName("a column");
    partition.emplace_back(std::move(name), in.AcceptSymbol("=") ? ParseValueExpression(in) : nullptr);
  } while (in.AcceptSymbol(","));
  in.ExpectSymbol(")");
  return partition;
}

}  // namespace

Statement ParseInsert(TokenStream& in) {
  in.Expect("INSERT");
  Insert insert{in.Accept("OVERWRITE") ? Insert::Mode::kOverwrite : Insert::Mode::kAppend, {}};
  if (insert.mode == Insert::Mode::kAppend) {
    in.Expect("INTO");
  } else {
    in.Accept("INTO");
  }
  if (in.AtWord("DIRECTORY") || in.AtWords({"LOCAL", "DIRECTORY"})) in.Refuse("INSERT OVERWRITE DIRECTORY");
  const bool is_keyword = in.AtWord("TABLE") && in.AtName(1);
  if (is_keyword) in.Next();
  insert.table = ParseTableName(in, false);
  if (in.Accept("PARTITION")) {
    insert.partition = ParsePartition(in);
    insert.if_not_exists = in.AcceptAll({"IF", "NOT", "EXISTS"});
  }
  if (in.AcceptAll({"REPLACE", "WHERE"})) {
    insert.mode = Insert::Mode::kReplaceWhere;
    insert.replace_where = ParseExpression(in);
  } else if (in.AcceptAll({"BY", "NAME"})) {
    insert.by_name = true;
  } else if (in.AtSymbol("(") && !StartsQuery(in)) {
    insert.columns = ParseNameList(in);
  }
  insert.query = ParseQuery(in);
  return {std::move(insert), {}};
}

Statement ParseDescribe(TokenStream& in) {
  if (!in.Accept("DESC")) in.Expect("DESCRIBE");
  if (in.AtAnyWord({"FUNCTION", "DATABASE", "SCHEMA", "NAMESPACE"}) && in.AtName(1)) {
    in.Refuse(fmt::format("DESCRIBE {}", in.Peek().text));
  }
  Describe describe{Describe::Kind::kTable};
  if (in.AtWord("QUERY") && !in.AtSymbol(".", 1) && !(in.Peek(1).kind == TokenKind::kEnd)) {
    in.Next();
    describe.kind = Describe::Kind::kQuery;
  } else if (StartsQuery(in) && !in.AtWord("TABLE")) {
    describe.kind = Describe::Kind::kQuery;
  } else if (in.AtAnyWord({"DETAIL", "HISTORY"}) && in.AtName(1)) {
    describe.kind = in.Accept("DETAIL") ? Describe::Kind::kDetail : Describe::Kind::kHistory;
    in.Accept("HISTORY");
  }
  if (describe.kind == Describe::Kind::kQuery) {
    describe.query = ParseQuery(in);
    return {std::move(describe), {}};
  }
  if (in.AtWord("TABLE") && in.AtName(1)) in.Next();
  if (in.AtAnyWord({"EXTENDED", "FORMATTED"}) && in.AtName(1)) in.Next();
  describe.table = ParseTableName(in, false);
  if (describe.kind == Describe::Kind::kTable && !in.AtEnd()) in.Refuse("DESCRIBE of a column or a partition");
  return {std::move(describe), {}};
}

}  // namespace quell::sql
