#include "analyzer/aggregate_builder.h"

#include <algorithm>

#include "analyzer/error_classes.h"

namespace quell::analyzer {

using logical::NamedExpr;

AggregateBuilder::AggregateBuilder(const ExprList& groups, bool is_group_by_all) : is_group_by_all_(is_group_by_all) {
  for (const ExprPtr& group : groups) {
    const bool is_known =
        std::any_of(groups_.begin(), groups_.end(), [&](const NamedExpr& other) { return Equal(*other.expr, *group); });
    if (is_known) continue;
    const auto* ref = group->As<ColumnRef>();
    groups_.push_back(ref ? NamedExpr{group, {ref->id(), ref->name(), ref->type(), ref->nullable()}}
                          : NamedExpr::New(group, ToString(*group)));
  }
}

void AggregateBuilder::Allow(const logical::OutputColumns& columns) {
  for (const logical::OutputColumn& column : columns) allowed_.insert(column.id);
}

ExprPtr AggregateBuilder::Rewrite(const ExprPtr& expr) {
  for (const NamedExpr& group : groups_) {
    if (Equal(*group.expr, *expr)) return group.column.Ref();
  }
  if (expr->kind() == Expression::Kind::kAggregate) {
    const auto known = std::find_if(aggregates_.begin(), aggregates_.end(),
                                    [&](const NamedExpr& other) { return Equal(*other.expr, *expr); });
    if (known != aggregates_.end()) return known->column.Ref();
    aggregates_.push_back(NamedExpr::New(expr, ToString(*expr)));
    return aggregates_.back().column.Ref();
  }
  if (const auto* ref = expr->As<ColumnRef>()) {
    if (allowed_.contains(ref->id())) return expr;
    if (is_group_by_all_) {
      throw Error(kUnresolvedAllInGroupBy,
                  "GROUP BY ALL cannot tell the groups: the column {} is used beside an aggregate; "
                  "write the groups out",
                  ref->name());
    }
    if (groups_.empty()) {
      throw Error(kMissingGroupBy,
                  "the column {} stands beside an aggregate, and there is no GROUP BY; add one, or use "
                  "any_value({})",
                  ref->name(), ref->name());
    }
    throw Error(kMissingAggregation,
                "the column {} is neither in GROUP BY nor in an aggregate; add it to GROUP BY, or use "
                "any_value({})",
                ref->name(), ref->name());
  }
  ExprList children;
  bool changed = false;
  for (const ExprPtr& child : expr->children()) {
    children.push_back(Rewrite(child));
    changed |= children.back() != child;
  }
  return changed ? expr->WithChildren(std::move(children)) : expr;
}

logical::PlanPtr AggregateBuilder::Build(logical::PlanPtr input) const {
  return std::make_shared<logical::Aggregate>(std::move(input), groups_, aggregates_);
}

}  // namespace quell::analyzer
