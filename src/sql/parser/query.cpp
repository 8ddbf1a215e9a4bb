#include "sql/parser/query.h"

#include "base/error_classes.h"
#include "data/schema.h"
#include "sql/error_classes.h"
#include "sql/parser/expression.h"

namespace quell::sql {

using namespace unresolved;

namespace {

bool AtQueryWord(const TokenStream& in, size_t ahead) {
  if (in.AtAnyWord({"SELECT", "VALUES", "WITH", "FROM"}, ahead)) {
    const Token& next = in.Peek(ahead + 1);
    return next.kind != TokenKind::kEnd && next.text != "," && next.text != ")" && next.text != "." && next.text != "=";
  }
  return in.AtWord("TABLE", ahead) && in.AtName(ahead + 1);
}

// What may follow a query in brackets that is itself part of a query.
bool AtQueryTail(const TokenStream& in, size_t ahead) {
  return in.AtAnyWord({"UNION", "EXCEPT", "MINUS", "SETMINUS", "INTERSECT", "ORDER", "SORT", "CLUSTER", "DISTRIBUTE",
                       "LIMIT", "OFFSET"},
                      ahead) ||
         in.AtSymbol(")", ahead) || in.AtSymbol("|>", ahead);
}

// The operator at the next token; `precedence` tells INTERSECT from the others.
bool AtSetOperation(const TokenStream& in, bool is_intersect) {
  if (is_intersect) return in.AtWord("INTERSECT");
  return in.AtAnyWord({"UNION", "EXCEPT", "MINUS", "SETMINUS"});
}

RelationPtr ParseSetOperations(TokenStream& in, bool is_intersect, OperatorCount& count) {
  RelationPtr left = is_intersect ? ParseQueryPrimary(in) : ParseSetOperations(in, true, count);
  while (AtSetOperation(in, is_intersect)) {
    count.Add();
    const SourceLocation location = in.location();
    using Kind = SetOperation::Kind;
    const Kind kind = is_intersect ? Kind::kIntersect : in.AtWord("UNION") ? Kind::kUnion : Kind::kExcept;
    in.Next();
    const bool is_all = in.Accept("ALL");
    if (!is_all) in.Accept("DISTINCT");
    if (in.AcceptAll({"BY", "NAME"})) in.Refuse("UNION BY NAME");
    RelationPtr right = is_intersect ? ParseQueryPrimary(in) : ParseSetOperations(in, true, count);
    left = MakeRelation(SetOperation{std::move(left), std::move(right), kind, is_all}, location);
  }
  return left;
}

}  // namespace

RelationPtr ParseQueryPrimary(TokenStream& in) {
  const SourceLocation location = in.location();
  if (in.AtSymbol("(")) {
    in.Next();
    RelationPtr query = ParseQuery(in);
    in.ExpectSymbol(")");
    return query;
  }
  if (in.AtWord("SELECT")) return ParseSelect(in);
  if (in.AtWord("VALUES")) return ParseValues(in);
  if (in.Accept("TABLE")) return MakeRelation(ParseTableName(in, true), location);
  if (in.Accept("FROM")) {
    RelationPtr input = ParseFrom(in);
    if (in.AtAnyWord({"SELECT", "WHERE", "INSERT"})) in.Refuse("FROM before SELECT");
    return input;
  }
  if (in.AtAnyWord({"MAP", "REDUCE"})) in.Refuse("MAP and REDUCE");
  in.Fail("a query");
}

RelationPtr ParseOrder(TokenStream& in, RelationPtr input) {
  const SourceLocation location = in.location();
  if (in.AtWords({"CLUSTER", "BY"}) || in.AtWords({"DISTRIBUTE", "BY"})) {
    // Rows go to one process whatever the key: DISTRIBUTE BY changes nothing, CLUSTER BY sorts.
    const bool sorts = in.AtWord("CLUSTER");
    in.MoveTo(in.position() + 2);
    Sort sort{.input = input, .order = {}, .is_global = false};
    for (ExprPtr& expr : ParseExpressionList(in)) sort.order.push_back({std::move(expr)});
    if (sorts) return MakeRelation(std::move(sort), location);
  }
  const bool is_global = in.AtWords({"ORDER", "BY"});
  if (!is_global && !in.AtWords({"SORT", "BY"})) return input;
  in.MoveTo(in.position() + 2);
  Sort sort{.input = std::move(input), .order = ParseSortOrders(in), .is_global = is_global};
  const auto* only = sort.order.size() == 1 ? sort.order[0].child->As<Attribute>() : nullptr;
  if (only && only->name_parts.size() == 1 && SameName(only->name_parts[0], "all")) {
    sort.is_all = true;
    sort.order[0].child = nullptr;
  }
  return MakeRelation(std::move(sort), location);
}

RelationPtr ParseLimit(TokenStream& in, RelationPtr input) {
  const SourceLocation location = in.location();
  Limit limit{std::move(input)};
  const bool has_limit = in.Accept("LIMIT");
  if (has_limit && !in.Accept("ALL")) limit.limit = ParseExpression(in);
  if (in.Accept("OFFSET")) limit.offset = ParseExpression(in);
  if (!limit.limit && !limit.offset) return limit.input;
  return MakeRelation(std::move(limit), location);
}

std::vector<With::Cte> ParseCtes(TokenStream& in) {
  std::vector<With::Cte> ctes;
  if (in.AtWord("RECURSIVE")) in.Refuse("WITH RECURSIVE");
  do {
    With::Cte cte;
    const SourceLocation location = in.location();
    cte.name = in.ExpectName("the name of a common table expression");
    for (const With::Cte& other : ctes) {
      if (SameName(other.name, cte.name))
        throw Error(kDuplicateCte, location, "two common table expressions have the name {}", cte.name);
    }
    if (in.AtSymbol("(")) cte.column_names = ParseNameList(in);
    in.Accept("AS");
    in.ExpectSymbol("(");
    cte.relation = ParseQuery(in);
    in.ExpectSymbol(")");
    ctes.push_back(std::move(cte));
  } while (in.AcceptSymbol(","));
  return ctes;
}

bool StartsQuery(const TokenStream& in) {
  size_t brackets = 0;
  while (in.AtSymbol("(", brackets)) ++brackets;
  if (!AtQueryWord(in, brackets)) return false;
  for (size_t i = brackets; i > 0; --i) {
    const int32_t closing = in.Peek(i - 1).closing;
    if (closing < 0) return true;
    if (!AtQueryTail(in, static_cast<size_t>(closing) + 1 - in.position())) return false;
  }
  return true;
}

RelationPtr ParseQuery(TokenStream& in) {
  const NestingScope scope(in);
  const SourceLocation location = in.location();
  std::vector<With::Cte> ctes;
  if (in.Accept("WITH")) ctes = ParseCtes(in);
  OperatorCount count(in);
  RelationPtr query = ParseSetOperations(in, false, count);
  query = ParseLimit(in, ParseOrder(in, std::move(query)));
  query = ParsePipeOperators(in, std::move(query));
  if (in.AtWord("WINDOW")) in.Refuse("the WINDOW clause");
  if (ctes.empty()) return query;
  return MakeRelation(With{std::move(query), std::move(ctes)}, location);
}

}  // namespace quell::sql
