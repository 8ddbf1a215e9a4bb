#include <algorithm>
#include <cctype>

#include "sql/parser/expression.h"
#include "sql/parser/query.h"
#include "sql/parser/words.h"

namespace quell::sql {

using namespace unresolved;

namespace {

// [AS] alias [(columns)], or the relation itself.
RelationPtr ParseAlias(TokenStream& in, RelationPtr relation) {
  if (in.AtWord("TABLESAMPLE")) in.Refuse("TABLESAMPLE");
  const SourceLocation location = in.location();
  const bool has_as = in.Accept("AS");
  if (!has_as && !AtImplicitTableAlias(in)) return relation;
  SubqueryAlias alias{std::move(relation), in.ExpectName("an alias"), {}};
  if (in.AtSymbol("(")) alias.column_names = ParseNameList(in);
  return MakeRelation(std::move(alias), location);
}

RelationPtr ParseTableFunction(TokenStream& in) {
  const SourceLocation location = in.location();
  std::string name = in.ExpectName();
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  in.ExpectSymbol("(");
  std::vector<ExprPtr> arguments;
  if (!in.AtSymbol(")")) arguments = ParseExpressionList(in);
  in.ExpectSymbol(")");
  if (name != "range" || arguments.empty() || arguments.size() > 4) {
    return MakeRelation(TableFunction{std::move(name), std::move(arguments)}, location);
  }
  // range(end), range(start, end[, step[, partitions]]).
  if (arguments.size() == 1) return MakeRelation(Range{nullptr, arguments[0], nullptr}, location);
  return MakeRelation(Range{arguments[0], arguments[1], arguments.size() > 2 ? arguments[2] : nullptr}, location);
}

RelationPtr ParseRelation(TokenStream& in);

RelationPtr ParseRelationPrimary(TokenStream& in) {
  const SourceLocation location = in.location();
  if (in.AtSymbol("(")) {
    const NestingScope scope(in);
    in.Next();
    RelationPtr relation = StartsQuery(in) ? ParseQuery(in) : ParseRelation(in);
    in.ExpectSymbol(")");
    return ParseAlias(in, std::move(relation));
  }
  if (in.AtWord("VALUES") && !in.AtSymbol(".", 1)) return ParseValues(in);
  if (in.AtName() && in.AtSymbol("(", 1)) return ParseAlias(in, ParseTableFunction(in));
  return ParseAlias(in, MakeRelation(ParseTableName(in, true), location));
}

// Reads the words of a join up to JOIN; nullopt where there is none.
std::optional<Join::Type> ParseJoinType(TokenStream& in) {
  using Type = Join::Type;
  const size_t begin = in.position();
  Type type = Type::kInner;
  if (in.Accept("CROSS")) {
    type = Type::kCross;
  } else if (in.Accept("LEFT")) {
    type = in.Accept("SEMI") ? Type::kLeftSemi : in.Accept("ANTI") ? Type::kLeftAnti : Type::kLeft;
    in.Accept("OUTER");
  } else if (in.Accept("RIGHT")) {
    type = Type::kRight;
    in.Accept("OUTER");
  } else if (in.Accept("FULL")) {
    type = Type::kFull;
    in.Accept("OUTER");
  } else if (in.Accept("SEMI")) {
    type = Type::kLeftSemi;
  } else if (in.Accept("ANTI")) {
    type = Type::kLeftAnti;
  } else {
    in.Accept("INNER");
  }
  if (in.Accept("JOIN")) return type;
  if (in.position() > begin) in.Fail("JOIN");
  return std::nullopt;
}

RelationPtr ParseRelation(TokenStream& in) {
  RelationPtr relation = ParseRelationPrimary(in);
  OperatorCount count(in);
  while (RelationPtr join = ParseJoin(in, relation)) {
    count.Add();
    relation = std::move(join);
  }
  return relation;
}

// LATERAL VIEW [OUTER] f(x) [table] [AS a, b].
RelationPtr ParseLateralView(TokenStream& in, RelationPtr input) {
  const SourceLocation location = in.location();
  in.MoveTo(in.position() + 2);
  const bool is_outer = in.Accept("OUTER");
  RelationPtr view = ParseTableFunction(in);
  SubqueryAlias alias{std::move(view), {}, {}};
  if (in.AtName() && !in.AtWord("AS") && AtImplicitTableAlias(in)) alias.alias = in.ExpectName();
  if (in.Accept("AS")) {
    do {
      alias.column_names.push_back(in.ExpectName());
    } while (in.AcceptSymbol(","));
  }
  Join join{.left = std::move(input), .right = MakeRelation(std::move(alias), location), .type = Join::Type::kCross};
  if (is_outer) join.type = Join::Type::kLeft;
  join.is_lateral = true;
  return MakeRelation(std::move(join), location);
}

// A row in brackets, not an expression that begins with a bracket.
bool AtRow(const TokenStream& in) {
  const int32_t closing = in.AtSymbol("(") ? in.Peek().closing : -1;
  if (closing < 0 || StartsQuery(in)) return false;
  const Token& next = in.At(static_cast<size_t>(closing) + 1);
  return next.kind != TokenKind::kSymbol || next.text == "," || next.text == ")" || next.text == "|>";
}

}  // namespace

RelationPtr ParseJoin(TokenStream& in, RelationPtr left) {
  const SourceLocation location = in.location();
  const bool is_natural = in.Accept("NATURAL");
  const std::optional<Join::Type> type = ParseJoinType(in);
  if (!type) {
    if (is_natural) in.Fail("JOIN");
    return nullptr;
  }
  const bool is_lateral = in.Accept("LATERAL");
  Join join{.left = std::move(left), .right = ParseRelationPrimary(in), .type = *type};
  join.is_natural = is_natural;
  join.is_lateral = is_lateral;
  if (in.Accept("ON")) {
    join.condition = ParseExpression(in);
  } else if (in.Accept("USING")) {
    join.using_columns = ParseNameList(in);
  }
  return MakeRelation(std::move(join), location);
}

RelationPtr ParseFrom(TokenStream& in) {
  OperatorCount count(in);
  RelationPtr left = ParseRelation(in);
  while (in.AtSymbol(",")) {
    count.Add();
    const SourceLocation location = in.location();
    in.Next();
    const bool is_lateral = in.Accept("LATERAL");
    Join join{.left = std::move(left), .right = ParseRelation(in), .type = Join::Type::kCross};
    join.is_lateral = is_lateral;
    left = MakeRelation(std::move(join), location);
  }
  while (in.AtWords({"LATERAL", "VIEW"})) {
    count.Add();
    left = ParseLateralView(in, std::move(left));
  }
  if (in.AtAnyWord({"PIVOT", "UNPIVOT"}) && in.AtSymbol("(", 1)) in.Refuse("PIVOT and UNPIVOT");
  return left;
}

RelationPtr ParseValues(TokenStream& in) {
  const SourceLocation location = in.location();
  in.Expect("VALUES");
  LocalRelation values;
  do {
    if (!AtRow(in)) {
      values.rows.push_back({ParseNamedExpression(in)});
      continue;
    }
    in.Next();
    values.rows.push_back(ParseNamedExpressions(in));
    in.ExpectSymbol(")");
  } while (in.AcceptSymbol(","));
  return ParseAlias(in, MakeRelation(std::move(values), location));
}

}  // namespace quell::sql
