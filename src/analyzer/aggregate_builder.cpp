#include "analyzer/aggregate_builder.h"

#include <algorithm>

#include "analyzer/error_classes.h"

namespace quell::analyzer {

using logical::NamedExpr;

namespace {

bool Holds(const ExprList& list, const Expression& expr) {
  return std::any_of(list.begin(), list.end(), [&](const ExprPtr& other) { return Equal(*other, expr); });
}

}  // namespace

AggregateBuilder::AggregateBuilder(const ExprList& groups, bool is_group_by_all) : is_group_by_all_(is_group_by_all) {
  for (const ExprPtr& group : groups) AddGroup(group, true);
}

AggregateBuilder::AggregateBuilder(const ExprList& groups, std::vector<ExprList> sets)
    : sets_(std::move(sets)), grouping_id_{NextColumnId(), "grouping__id", Type(TypeId::kLong), false} {
  for (const ExprPtr& group : groups) AddGroup(group, false);
}

void AggregateBuilder::AddGroup(const ExprPtr& group, bool keeps_id) {
  const auto same = [&](const NamedExpr& other) { return Equal(*other.expr, *group); };
  if (std::any_of(groups_.begin(), groups_.end(), same)) return;
  const auto* ref = group->As<ColumnRef>();
  if (ref && keeps_id) {
    groups_.push_back({group, {ref->id(), ref->name(), ref->type(), ref->nullable()}});
    return;
  }
  groups_.push_back(NamedExpr::New(group, ref ? ref->name() : ToString(*group)));
  if (!keeps_id) groups_.back().column.nullable = true;
}

void AggregateBuilder::Allow(const logical::OutputColumns& columns) {
  for (const logical::OutputColumn& column : columns) allowed_.insert(column.id);
}

std::optional<int64_t> AggregateBuilder::GroupingBit(const ExprPtr& expr) const {
  for (size_t i = 0; i < groups_.size(); ++i) {
    if (Equal(*groups_[i].expr, *expr)) return static_cast<int64_t>(groups_.size() - 1 - i);
  }
  return std::nullopt;
}

void AggregateBuilder::ThrowMissing(const ColumnRef& column, const Names* visible) const {
  const std::string& name = column.name();
  if (visible) ThrowUnresolvedColumn({name}, {visible}, {});
  if (is_group_by_all_) {
    throw Error(kUnresolvedAllInGroupBy,
                "GROUP BY ALL cannot tell the groups: the column {} is used beside an aggregate; "
                "write the groups out",
                name);
  }
  if (groups_.empty()) {
    throw Error(kMissingGroupBy,
                "the column {0} stands beside an aggregate, and there is no GROUP BY; add one, or use "
                "any_value({0})",
                name);
  }
  throw Error(kMissingAggregation,
              "the column {0} is neither in GROUP BY nor in an aggregate; add it to GROUP BY, or use "
              "any_value({0})",
              name);
}

ExprPtr AggregateBuilder::Rewrite(const ExprPtr& expr, const Names* visible) {
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
    if (allowed_.contains(ref->id()) || (!sets_.empty() && ref->id() == grouping_id_.id)) return expr;
    ThrowMissing(*ref, visible);
  }
  ExprList children;
  bool changed = false;
  for (const ExprPtr& child : expr->children()) {
    children.push_back(Rewrite(child, visible));
    changed |= children.back() != child;
  }
  return changed ? expr->WithChildren(std::move(children)) : expr;
}

// The rows of one grouping set: NULL for the groups that are not in it.
logical::PlanPtr AggregateBuilder::BuildSet(const logical::PlanPtr& input, const ExprList& set) const {
  std::vector<NamedExpr> groups;
  std::vector<NamedExpr> aggregates;
  std::vector<NamedExpr> output;
  int64_t grouping_id = 0;
  for (const NamedExpr& group : groups_) {
    const bool is_in = Holds(set, *group.expr);
    grouping_id = grouping_id * 2 + (is_in ? 0 : 1);
    if (is_in) groups.push_back(NamedExpr::New(group.expr, group.column.name));
    const ExprPtr value = is_in ? groups.back().column.Ref() : std::make_shared<Literal>(group.column.type, Value{});
    output.push_back(NamedExpr::New(value, group.column.name));
  }
  for (const NamedExpr& aggregate : aggregates_) {
    aggregates.push_back(NamedExpr::New(aggregate.expr, aggregate.column.name));
    output.push_back(NamedExpr::New(aggregates.back().column.Ref(), aggregate.column.name));
  }
  output.push_back(NamedExpr::New(std::make_shared<Literal>(grouping_id_.type, Value{grouping_id}), grouping_id_.name));
  // Without any group there would be a row even where the input has none.
  if (groups.empty())
    groups.push_back(NamedExpr::New(std::make_shared<Literal>(Type(TypeId::kBoolean), Value{true}), "all"));
  auto plan = std::make_shared<logical::Aggregate>(input, std::move(groups), std::move(aggregates));
  return std::make_shared<logical::Project>(std::move(plan), std::move(output));
}

logical::PlanPtr AggregateBuilder::Build(const logical::PlanPtr& input) const {
  if (sets_.empty()) return std::make_shared<logical::Aggregate>(input, groups_, aggregates_);
  std::vector<logical::PlanPtr> plans;
  for (const ExprList& set : sets_) plans.push_back(BuildSet(input, set));
  logical::OutputColumns columns;
  for (const NamedExpr& group : groups_) columns.push_back(group.column);
  for (const NamedExpr& aggregate : aggregates_) columns.push_back(aggregate.column);
  columns.push_back(grouping_id_);
  return std::make_shared<logical::Union>(std::move(plans), std::move(columns));
}

}  // namespace quell::analyzer
