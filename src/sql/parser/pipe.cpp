// Pipe operators: query |> WHERE ... |> AGGREGATE ... GROUP BY ... |> ORDER BY ...
#include "plan/unresolved/aggregate_calls.h"
#include "sql/error_classes.h"
#include "sql/parser/expression.h"
#include "sql/parser/query.h"

namespace quell::sql {

using namespace unresolved;

namespace {

constexpr ErrorClass kContainsAggregate{"PIPE_OPERATOR_CONTAINS_AGGREGATE_FUNCTION", "0A000"};
constexpr ErrorClass kNoAggregate{"PIPE_OPERATOR_AGGREGATE_EXPRESSION_CONTAINS_NO_AGGREGATE", "0A000"};
constexpr ErrorClass kAggregateCase{"UNSUPPORTED_FEATURE.PIPE_OPERATOR_AGGREGATE_UNSUPPORTED_CASE", "0A000"};
constexpr ErrorClass kSeveralClauses{"MULTIPLE_QUERY_RESULT_CLAUSES_WITH_PIPE_OPERATORS", "42000"};

void ForbidAggregates(const std::vector<ExprPtr>& list, const char* clause) {
  for (const ExprPtr& expr : list) {
    if (!HasAggregate(expr)) continue;
    throw Error(kContainsAggregate, expr->location, "an aggregate function cannot stand in |> {}: {}; use |> AGGREGATE",
                clause, ColumnName(*expr));
  }
}

RelationPtr ParsePipeSelect(TokenStream& in, RelationPtr input) {
  RelationPtr select = ParseProject(in, std::move(input));
  ForbidAggregates(select->As<Project>()->expressions, "SELECT");
  return select;
}

// The columns of the input, and some more.
RelationPtr ParseExtend(TokenStream& in, RelationPtr input) {
  const SourceLocation location = in.location();
  in.Expect("EXTEND");
  if (in.AtWord("DISTINCT") && in.AtName(1)) in.Fail("an expression");
  std::vector<ExprPtr> added = ParseNamedExpressions(in);
  ForbidAggregates(added, "EXTEND");
  for (const ExprPtr& expr : added) {
    if (expr->As<Star>())
      throw Error(kInvalidStar, expr->location, "'*' cannot stand in |> EXTEND, which keeps all columns anyway");
  }
  std::vector<ExprPtr> list = {Make(Star{}, location)};
  list.insert(list.end(), added.begin(), added.end());
  return MakeRelation(Project{std::move(input), std::move(list)}, location);
}

// Other values for columns, one after the other: each sees those before it.
RelationPtr ParseSet(TokenStream& in, RelationPtr input) {
  in.Expect("SET");
  do {
    const SourceLocation location = in.location();
    std::string name = in.ExpectName("a column");
    if (in.AtSymbol(".")) in.Refuse("|> SET of a member of a column");
    in.ExpectSymbol("=");
    ExprPtr value = ParseExpression(in);
    ForbidAggregates({value}, "SET");
    Star star;
    star.replace.emplace_back(std::move(name), std::move(value));
    input = MakeRelation(Project{std::move(input), {Make(std::move(star), location)}}, location);
  } while (in.AcceptSymbol(","));
  return input;
}

RelationPtr ParsePipeDrop(TokenStream& in, RelationPtr input) {
  const SourceLocation location = in.location();
  in.Expect("DROP");
  Star star;
  do {
    star.except.push_back({in.ExpectName("a column")});
  } while (in.AcceptSymbol(","));
  return MakeRelation(Project{std::move(input), {Make(std::move(star), location)}}, location);
}

// A group by its position means a column of the input.
ExprPtr GroupColumn(const ExprPtr& group) {
  const auto* literal = group->As<Literal>();
  if (!literal || literal->type.id() != TypeId::kInt) return group;
  return Make(InputColumn{static_cast<int>(std::get<int64_t>(literal->value.data))}, group->location);
}

void ForbidGroupingSets(const TokenStream& in) {
  const auto* only = in.AtWord("ALL") && !in.AtSymbol(".", 1) && !in.AtSymbol("(", 1) ? "GROUP BY ALL" : nullptr;
  if (in.AtAnyWord({"ROLLUP", "CUBE"}) && in.AtSymbol("(", 1)) only = "ROLLUP and CUBE";
  if (in.AtWords({"GROUPING", "SETS"})) only = "GROUPING SETS";
  if (only) throw Error(kAggregateCase, in.location(), "|> AGGREGATE does not go with {}; name the groups", only);
}

// The columns of the result are the groups, then the aggregates.
RelationPtr ParseAggregate(TokenStream& in, RelationPtr input) {
  const SourceLocation location = in.location();
  in.Expect("AGGREGATE");
  Aggregate aggregate{.input = std::move(input), .kind = Aggregate::GroupKind::kGroupBy, .grouping = {}};
  std::vector<ExprPtr> values;
  if (!in.AtWords({"GROUP", "BY"})) values = ParseNamedExpressions(in);
  for (const ExprPtr& value : values) {
    const auto* alias = value->As<Alias>();
    const ExprPtr& expr = alias ? alias->child : value;
    if (expr->As<Window>()) throw Error(kAggregateCase, value->location, "|> AGGREGATE does not go with OVER");
    if (!HasAggregate(value)) {
      throw Error(kNoAggregate, value->location, "no aggregate function in {}; name it in GROUP BY, or leave it out",
                  ColumnName(*value));
    }
  }
  if (in.AcceptAll({"GROUP", "BY"})) {
    do {
      ForbidGroupingSets(in);
      const ExprPtr group = ParseNamedExpression(in);
      const auto* alias = group->As<Alias>();
      aggregate.grouping.push_back(alias ? alias->child : GroupColumn(group));
      aggregate.expressions.push_back(alias ? group : aggregate.grouping.back());
    } while (in.AcceptSymbol(","));
    ForbidGroupingSets(in);
  }
  aggregate.expressions.insert(aggregate.expressions.end(), values.begin(), values.end());
  return MakeRelation(std::move(aggregate), location);
}

RelationPtr ParsePipeSetOperation(TokenStream& in, RelationPtr input) {
  const SourceLocation location = in.location();
  using Kind = SetOperation::Kind;
  const Kind kind = in.AtWord("UNION") ? Kind::kUnion : in.AtWord("INTERSECT") ? Kind::kIntersect : Kind::kExcept;
  in.Next();
  const bool is_all = in.Accept("ALL");
  if (!is_all) in.Accept("DISTINCT");
  RelationPtr right = ParseQueryPrimary(in);
  return MakeRelation(SetOperation{std::move(input), std::move(right), kind, is_all}, location);
}

RelationPtr ParseResultClause(TokenStream& in, RelationPtr input) {
  const bool is_limit = in.AtAnyWord({"LIMIT", "OFFSET"});
  RelationPtr result = is_limit ? ParseLimit(in, std::move(input)) : ParseOrder(in, std::move(input));
  if (!is_limit && in.AtAnyWord({"LIMIT", "OFFSET"})) {
    throw Error(kSeveralClauses, in.location(), "ORDER BY and LIMIT cannot stand in one pipe operator; write |> twice");
  }
  return result;
}

// Reads one operator behind its "|>".
RelationPtr ParseOperator(TokenStream& in, RelationPtr input) {
  const SourceLocation location = in.location();
  if (in.AtWord("SELECT")) return ParsePipeSelect(in, std::move(input));
  if (in.AtWord("EXTEND")) return ParseExtend(in, std::move(input));
  if (in.AtWord("SET")) return ParseSet(in, std::move(input));
  if (in.AtWord("DROP")) return ParsePipeDrop(in, std::move(input));
  if (in.AtWord("AGGREGATE")) return ParseAggregate(in, std::move(input));
  if (in.Accept("WHERE")) {
    RelationPtr filter = MakeRelation(Filter{std::move(input), ParseExpression(in)}, location);
    if (in.AtWord("WINDOW") && in.AtName(1)) in.Refuse("the WINDOW clause");
    return filter;
  }
  if (in.Accept("AS")) return MakeRelation(SubqueryAlias{std::move(input), in.ExpectName("an alias"), {}}, location);
  if (in.AtAnyWord({"UNION", "EXCEPT", "MINUS", "SETMINUS", "INTERSECT"}))
    return ParsePipeSetOperation(in, std::move(input));
  if (in.AtAnyWord({"ORDER", "SORT", "CLUSTER", "DISTRIBUTE", "LIMIT", "OFFSET"}))
    return ParseResultClause(in, std::move(input));
  if (in.AtAnyWord({"PIVOT", "UNPIVOT"})) in.Refuse("PIVOT and UNPIVOT");
  if (in.AtWord("TABLESAMPLE")) in.Refuse("TABLESAMPLE");
  if (RelationPtr join = ParseJoin(in, input)) return join;
  in.Fail("a pipe operator");
}

}  // namespace

RelationPtr ParsePipeOperators(TokenStream& in, RelationPtr query) {
  OperatorCount count(in);
  while (in.AcceptSymbol("|>")) {
    count.Add();
    query = ParseOperator(in, std::move(query));
  }
  return query;
}

}  // namespace quell::sql
