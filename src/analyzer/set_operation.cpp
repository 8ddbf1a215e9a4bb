// UNION [ALL], and INTERSECT and EXCEPT without repeats.
#include <algorithm>

#include "analyzer/error_classes.h"
#include "analyzer/relation_analyzer.h"
#include "analyzer/sort_keys.h"
#include "base/error_classes.h"

namespace quell::analyzer {

using logical::NamedExpr;

namespace {

// The columns of all inputs, of types that hold each input's.
logical::OutputColumns CommonColumns(const std::vector<logical::PlanPtr>& inputs, bool ansi, const char* name,
                                     SourceLocation location) {
  logical::OutputColumns columns = inputs[0]->output();
  for (logical::OutputColumn& column : columns) column.id = NextColumnId();
  for (size_t k = 1; k < inputs.size(); ++k) {
    const logical::OutputColumns& others = inputs[k]->output();
    if (others.size() != columns.size()) {
      throw Error(kNumColumnsMismatch, location, "{} of {} and {} columns; give both sides the same number", name,
                  columns.size(), others.size());
    }
    for (size_t i = 0; i < columns.size(); ++i) {
      const std::optional<Type> common = CommonType(columns[i].type, others[i].type, ansi);
      if (!common) {
        throw Error(kIncompatibleColumnType, location, "column {} of {} is {} on one side and {} on the other", i + 1,
                    name, columns[i].type.ToSql(), others[i].type.ToSql());
      }
      columns[i].type = *common;
      columns[i].nullable |= others[i].nullable;
    }
  }
  return columns;
}

logical::PlanPtr CastTo(logical::PlanPtr input, const logical::OutputColumns& columns,
                        const ExpressionSettings& settings) {
  std::vector<NamedExpr> casts;
  bool is_needed = false;
  for (size_t i = 0; i < columns.size(); ++i) {
    const logical::OutputColumn& column = input->output()[i];
    if (column.type == columns[i].type) {
      casts.push_back(NamedExpr::PassThrough(column));
      continue;
    }
    is_needed = true;
    casts.push_back(NamedExpr::New(ImplicitCast(column.Ref(), columns[i].type, settings), column.name));
  }
  if (!is_needed) return input;
  return std::make_shared<logical::Project>(std::move(input), std::move(casts));
}

}  // namespace

AnalyzedRelation RelationAnalyzer::UnionAll(const std::vector<const unresolved::RelationPtr*>& inputs,
                                            SourceLocation location) {
  std::vector<logical::PlanPtr> plans;
  for (const unresolved::RelationPtr* input : inputs) plans.push_back(Analyze(*input).plan);
  logical::OutputColumns columns = CommonColumns(plans, context_.settings.ansi, "UNION", location);
  for (logical::PlanPtr& plan : plans) plan = CastTo(std::move(plan), columns, context_.settings);
  const Scope scope(columns, {});
  return {std::make_shared<logical::Union>(std::move(plans), std::move(columns)), scope};
}

// INTERSECT and EXCEPT: the rows of both sides, each marked with its side, grouped by all columns; NULLs are equal. A
// group is kept by the sides that it has rows of.
AnalyzedRelation RelationAnalyzer::IntersectOrExcept(const unresolved::SetOperation& operation,
                                                     SourceLocation location) {
  const bool is_intersect = operation.kind == unresolved::SetOperation::Kind::kIntersect;
  if (operation.is_all) {
    throw Error(error_class::kUnsupportedFeature, location, "not supported yet: {} ALL",
                is_intersect ? "INTERSECT" : "EXCEPT");
  }
  std::vector<logical::PlanPtr> sides = {Analyze(operation.left).plan, Analyze(operation.right).plan};
  const logical::OutputColumns columns =
      CommonColumns(sides, context_.settings.ansi, is_intersect ? "INTERSECT" : "EXCEPT", location);
  logical::OutputColumns marked = columns;
  const Type boolean(TypeId::kBoolean);
  marked.push_back({NextColumnId(), "left_side", boolean, false});
  marked.push_back({NextColumnId(), "right_side", boolean, false});
  for (size_t side = 0; side < 2; ++side) {
    sides[side] = CastTo(std::move(sides[side]), columns, context_.settings);
    std::vector<NamedExpr> expressions;
    for (const logical::OutputColumn& column : sides[side]->output())
      expressions.push_back(NamedExpr::PassThrough(column));
    expressions.push_back(NamedExpr::New(std::make_shared<Literal>(boolean, Value{side == 0}), "left_side"));
    expressions.push_back(NamedExpr::New(std::make_shared<Literal>(boolean, Value{side == 1}), "right_side"));
    sides[side] = std::make_shared<logical::Project>(std::move(sides[side]), std::move(expressions));
  }
  auto both = std::make_shared<logical::Union>(std::move(sides), marked);
  const FunctionRegistry& registry = FunctionRegistry::BuiltIn();
  std::vector<NamedExpr> groups;
  for (const logical::OutputColumn& column : columns) groups.push_back(NamedExpr::PassThrough(column));
  std::vector<NamedExpr> aggregates;
  for (size_t i = columns.size(); i < marked.size(); ++i) {
    aggregates.push_back(
        NamedExpr::New(registry.Bind({"max", {marked[i].Ref()}, location, context_.settings}), marked[i].name));
  }
  const ExprPtr on_left = aggregates[0].column.Ref();
  ExprPtr on_right = aggregates[1].column.Ref();
  if (!is_intersect) on_right = registry.Bind({"not", {std::move(on_right)}, location, context_.settings});
  logical::PlanPtr plan = std::make_shared<logical::Aggregate>(std::move(both), groups, std::move(aggregates));
  plan = std::make_shared<logical::Filter>(std::move(plan), JoinConjuncts({on_left, std::move(on_right)}));
  plan = std::make_shared<logical::Project>(std::move(plan), std::move(groups));
  return {std::move(plan), Scope(columns, {})};
}

AnalyzedRelation RelationAnalyzer::AnalyzeNode(const unresolved::SetOperation& operation, SourceLocation location) {
  using Kind = unresolved::SetOperation::Kind;
  if (operation.kind != Kind::kUnion) return IntersectOrExcept(operation, location);
  // a UNION ALL b UNION ALL c is one union, however long.
  std::vector<const unresolved::RelationPtr*> inputs = {&operation.right};
  const unresolved::RelationPtr* left = &operation.left;
  while (const auto* nested = (*left)->As<unresolved::SetOperation>()) {
    if (nested->kind != Kind::kUnion || nested->is_all != operation.is_all) break;
    inputs.push_back(&nested->right);
    left = &nested->left;
  }
  inputs.push_back(left);
  std::reverse(inputs.begin(), inputs.end());
  AnalyzedRelation result = UnionAll(inputs, location);
  if (!operation.is_all) result.plan = MakeDistinct(std::move(result.plan));
  return result;
}

}  // namespace quell::analyzer
