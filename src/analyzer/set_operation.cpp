// UNION [ALL].
#include <algorithm>

#include "analyzer/error_classes.h"
#include "analyzer/relation_analyzer.h"
#include "analyzer/sort_keys.h"
#include "base/error_classes.h"

namespace quell::analyzer {

using logical::NamedExpr;

namespace {

// The columns of all inputs, of types that hold each input's.
logical::OutputColumns CommonColumns(const std::vector<logical::PlanPtr>& inputs, bool ansi, SourceLocation location) {
  logical::OutputColumns columns = inputs[0]->output();
  for (logical::OutputColumn& column : columns) column.id = NextColumnId();
  for (size_t k = 1; k < inputs.size(); ++k) {
    const logical::OutputColumns& others = inputs[k]->output();
    if (others.size() != columns.size()) {
      throw Error(kNumColumnsMismatch, location, "UNION of {} and {} columns; give both sides the same number",
                  columns.size(), others.size());
    }
    for (size_t i = 0; i < columns.size(); ++i) {
      const std::optional<Type> common = CommonType(columns[i].type, others[i].type, ansi);
      if (!common) {
        throw Error(kIncompatibleColumnType, location, "column {} of UNION is {} on one side and {} on the other",
                    i + 1, columns[i].type.ToSql(), others[i].type.ToSql());
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
  logical::OutputColumns columns = CommonColumns(plans, context_.settings.ansi, location);
  for (logical::PlanPtr& plan : plans) plan = CastTo(std::move(plan), columns, context_.settings);
  const Scope scope(columns, {});
  return {std::make_shared<logical::Union>(std::move(plans), std::move(columns)), scope};
}

AnalyzedRelation RelationAnalyzer::AnalyzeNode(const unresolved::SetOperation& operation, SourceLocation location) {
  using Kind = unresolved::SetOperation::Kind;
  if (operation.kind != Kind::kUnion) {
    throw Error(error_class::kUnsupportedFeature, location, "not supported yet: {}",
                operation.kind == Kind::kIntersect ? "INTERSECT" : "EXCEPT");
  }
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
