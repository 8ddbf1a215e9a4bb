#include "data/schema.h"
#include "sql/parser/expression.h"
#include "sql/parser/query.h"

namespace quell::sql {

using namespace unresolved;

namespace {

using ExprList = std::vector<ExprPtr>;
using GroupingSets = std::vector<ExprList>;

// (a, b), a or ().
ExprList ParseGroupingElement(TokenStream& in) {
  if (!in.AtSymbol("(")) return {ParseExpression(in)};
  const int32_t closing = in.Peek().closing;
  const bool is_list = closing >= 0 && (TokenStream::IsSymbol(in.At(static_cast<size_t>(closing) + 1), ",") ||
                                        TokenStream::IsSymbol(in.At(static_cast<size_t>(closing) + 1), ")"));
  if (!is_list) return {ParseExpression(in)};
  in.Next();
  if (in.AcceptSymbol(")")) return {};
  ExprList list = ParseExpressionList(in);
  in.ExpectSymbol(")");
  return list;
}

// ROLLUP(a, b): (a, b), (a), (). CUBE(a, b): all subsets.
GroupingSets Expand(const GroupingSets& elements, bool is_cube) {
  GroupingSets sets;
  const size_t num_sets = is_cube ? size_t{1} << elements.size() : elements.size() + 1;
  for (size_t i = 0; i < num_sets; ++i) {
    ExprList set;
    for (size_t k = 0; k < elements.size(); ++k) {
      const bool is_in = is_cube ? (i >> (elements.size() - 1 - k) & 1) == 0 : k + i < elements.size();
      if (is_in) set.insert(set.end(), elements[k].begin(), elements[k].end());
    }
    sets.push_back(std::move(set));
  }
  return sets;
}

GroupingSets ParseElements(TokenStream& in) {
  GroupingSets elements;
  in.ExpectSymbol("(");
  do {
    elements.push_back(ParseGroupingElement(in));
  } while (in.AcceptSymbol(","));
  in.ExpectSymbol(")");
  return elements;
}

bool AtGroupingAnalytics(const TokenStream& in) {
  return (in.AtAnyWord({"ROLLUP", "CUBE"}) && in.AtSymbol("(", 1)) || in.AtWords({"GROUPING", "SETS"});
}

// ROLLUP(...), CUBE(...), GROUPING SETS(...), which may hold the other two.
GroupingSets ParseGroupingAnalytics(TokenStream& in) {
  const NestingScope scope(in);
  constexpr size_t kMaxCube = 12;
  if (in.AtAnyWord({"ROLLUP", "CUBE"})) {
    const bool is_cube = in.AtWord("CUBE");
    in.Next();
    const GroupingSets elements = ParseElements(in);
    if (is_cube && elements.size() > kMaxCube) in.Refuse("CUBE of more than 12 expressions");
    return Expand(elements, is_cube);
  }
  in.MoveTo(in.position() + 2);
  in.ExpectSymbol("(");
  GroupingSets sets;
  do {
    if (AtGroupingAnalytics(in)) {
      for (ExprList& set : ParseGroupingAnalytics(in)) sets.push_back(std::move(set));
    } else {
      sets.push_back(ParseGroupingElement(in));
    }
  } while (in.AcceptSymbol(","));
  in.ExpectSymbol(")");
  return sets;
}

// Each set of the one side with each of the other.
GroupingSets Product(const GroupingSets& left, const GroupingSets& right, const TokenStream& in) {
  constexpr size_t kMaxSets = 4096;
  if (left.size() * right.size() > kMaxSets) in.Refuse("more than 4096 grouping sets");
  GroupingSets product;
  for (const ExprList& a : left) {
    for (const ExprList& b : right) {
      product.push_back(a);
      product.back().insert(product.back().end(), b.begin(), b.end());
    }
  }
  return product;
}

bool IsAll(const ExprList& grouping) {
  const auto* only = grouping.size() == 1 ? grouping[0]->As<Attribute>() : nullptr;
  return only && only->name_parts.size() == 1 && SameName(only->name_parts[0], "all");
}

void ParseGroupBy(TokenStream& in, Aggregate* aggregate) {
  GroupingSets sets = {{}};
  bool has_sets = false;
  do {
    if (AtGroupingAnalytics(in)) {
      has_sets = true;
      sets = Product(sets, ParseGroupingAnalytics(in), in);
    } else {
      const ExprPtr expr = ParseExpression(in);
      aggregate->grouping.push_back(expr);
      sets = Product(sets, {{expr}}, in);
    }
  } while (in.AcceptSymbol(","));
  const bool is_with = in.AtWords({"WITH", "ROLLUP"}) || in.AtWords({"WITH", "CUBE"});
  if (is_with) {
    GroupingSets elements;
    for (const ExprPtr& expr : aggregate->grouping) elements.push_back({expr});
    sets = Expand(elements, in.AtWord("CUBE", 1));
    in.MoveTo(in.position() + 2);
  } else if (in.AtWords({"GROUPING", "SETS"})) {
    sets = ParseGroupingAnalytics(in);
  } else if (!has_sets) {
    if (IsAll(aggregate->grouping)) {
      aggregate->kind = Aggregate::GroupKind::kAll;
      aggregate->grouping.clear();
    }
    return;
  }
  aggregate->kind = Aggregate::GroupKind::kGroupingSets;
  aggregate->grouping_sets = std::move(sets);
}

bool AcceptDistinct(TokenStream& in) {
  const bool is_column = in.AtSymbol(",", 1) || in.AtSymbol(".", 1) || in.AtWord("FROM", 1) || in.AtWord("AS", 1) ||
                         in.Peek(1).kind == TokenKind::kEnd;
  if (is_column) return false;
  if (in.AtWord("ALL") && !in.AtSymbol("(", 1)) in.Next();
  return in.Accept("DISTINCT");
}

}  // namespace

RelationPtr ParseProject(TokenStream& in, RelationPtr input) {
  const SourceLocation location = in.location();
  in.Expect("SELECT");
  const bool is_distinct = AcceptDistinct(in);
  return MakeRelation(Project{std::move(input), ParseNamedExpressions(in), is_distinct}, location);
}

RelationPtr ParseSelect(TokenStream& in) {
  const SourceLocation location = in.location();
  in.Expect("SELECT");
  if (in.AtWord("TRANSFORM") && in.AtSymbol("(", 1)) in.Refuse("TRANSFORM with a script");
  const bool is_distinct = AcceptDistinct(in);
  std::vector<ExprPtr> expressions = ParseNamedExpressions(in);
  RelationPtr input = in.Accept("FROM") ? ParseFrom(in) : MakeRelation(OneRow{}, location);
  if (in.AtWord("WHERE")) {
    const SourceLocation where = in.location();
    in.Next();
    input = MakeRelation(Filter{std::move(input), ParseExpression(in)}, where);
  }
  const bool has_groups = in.AcceptAll({"GROUP", "BY"});
  if (!has_groups && !in.AtWord("HAVING")) {
    return MakeRelation(Project{std::move(input), std::move(expressions), is_distinct}, location);
  }
  Aggregate aggregate{.input = std::move(input), .kind = Aggregate::GroupKind::kGroupBy, .grouping = {}};
  aggregate.expressions = std::move(expressions);
  aggregate.is_distinct = is_distinct;
  if (has_groups) ParseGroupBy(in, &aggregate);
  if (in.Accept("HAVING")) aggregate.having = ParseExpression(in);
  return MakeRelation(std::move(aggregate), location);
}

}  // namespace quell::sql
