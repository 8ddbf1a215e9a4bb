#include "analyzer/select_analyzer.h"

#include <algorithm>

#include "analyzer/error_classes.h"
#include "analyzer/sort_keys.h"
#include "base/error_classes.h"

namespace quell::analyzer {

using logical::NamedExpr;

SelectAnalyzer::SelectAnalyzer(const Context& context, AnalyzedRelation input, const SelectBlock& block)
    : context_(context), input_(std::move(input.scope)), plan_(std::move(input.plan)), block_(block) {}

AnalyzedRelation SelectAnalyzer::Analyze() {
  BindList();
  BindAggregate();
  BindOutput();
  if (block_.sort) {
    PlanSorted();
  } else {
    PlanInput();
    plan_ = std::make_shared<logical::Project>(std::move(plan_), list_);
    if (block_.is_distinct) plan_ = MakeDistinct(std::move(plan_));
  }
  return {plan_, Scope(plan_->output(), {})};
}

// An alias can be used in the expressions behind it, where no column of the input has the name.
void SelectAnalyzer::BindList() {
  Aliases lateral;
  ExpressionBinder binder(context_, {&input_, &lateral});
  binder.set_aggregate_names({&input_});
  for (const unresolved::ExprPtr& source : *block_.list) {
    if (const auto* star = source->As<unresolved::Star>()) {
      for (auto& [expr, name] : binder.ExpandStar(*star, input_, source->location)) {
        items_.push_back({std::move(expr), std::move(name), false, source});
      }
      continue;
    }
    const auto* alias = source->As<unresolved::Alias>();
    if (alias && alias->names.size() > 1) {
      throw Error(error_class::kUnsupportedFeature, source->location,
                  "not supported yet: functions that make several columns");
    }
    ExprPtr expr = binder.Bind(source);
    if (alias) lateral.Add(alias->names[0], expr);
    items_.push_back({std::move(expr), alias ? alias->names[0] : binder.NameOf(*source), alias != nullptr, source});
  }
}

// A group by its position in the list, by an expression, or by the alias of one.
ExprPtr SelectAnalyzer::BindGroup(const unresolved::ExprPtr& group) {
  const auto* literal = group->As<unresolved::Literal>();
  if (literal && literal->type.id() == TypeId::kInt) {
    const int64_t position = std::get<int64_t>(literal->value.data);
    if (position < 1 || position > static_cast<int64_t>(items_.size())) {
      throw Error(kGroupByPosOutOfRange, group->location,
                  "GROUP BY position {} is not in the SELECT list of {} columns", position, items_.size());
    }
    const Item& item = items_[static_cast<size_t>(position) - 1];
    if (ContainsAggregate(item.expr)) {
      throw Error(kGroupByPosAggregate, group->location, "GROUP BY position {} is an aggregate: {}", position,
                  item.name);
    }
    return item.expr;
  }
  Aliases aliases;
  for (const Item& item : items_) {
    if (item.has_alias) aliases.Add(item.name, item.expr);
  }
  ExpressionBinder binder(context_, {&input_, &aliases});
  binder.ForbidAggregates(kGroupByAggregate, "GROUP BY");
  ExprPtr expr = binder.Bind(group);
  if (ContainsAggregate(expr)) {
    throw Error(kGroupByAggregate, group->location, "an aggregate function cannot stand in GROUP BY: {}",
                binder.NameOf(*group));
  }
  return expr;
}

// GROUP BY ALL: every item without an aggregate.
ExprList SelectAnalyzer::GroupsOfAll() const {
  ExprList groups;
  for (const Item& item : items_) {
    if (!ContainsAggregate(item.expr)) groups.push_back(item.expr);
  }
  return groups;
}

ExprList SelectAnalyzer::BindGroups() {
  using Kind = unresolved::Aggregate::GroupKind;
  if (block_.aggregate->kind == Kind::kAll) return GroupsOfAll();
  if (block_.aggregate->kind != Kind::kGroupBy) {
    throw Error(error_class::kUnsupportedFeature, "not supported yet: ROLLUP, CUBE and GROUPING SETS");
  }
  ExprList groups;
  for (const unresolved::ExprPtr& group : block_.aggregate->grouping) groups.push_back(BindGroup(group));
  return groups;
}

// Names of the list go before names of the input, but for the arguments of aggregates.
ExprPtr SelectAnalyzer::BindHaving() {
  Aliases list;
  for (const Item& item : items_) list.Add(item.name, item.expr);
  ExpressionBinder binder(context_, {&list, &input_});
  binder.set_aggregate_names({&input_, &list});
  return binder.BindCondition(block_.aggregate->having);
}

void SelectAnalyzer::BindAggregate() {
  const bool has_aggregates =
      std::any_of(items_.begin(), items_.end(), [](const Item& item) { return ContainsAggregate(item.expr); });
  if (!block_.aggregate && !has_aggregates) return;
  const ExprList groups = block_.aggregate ? BindGroups() : ExprList{};
  const bool is_all = block_.aggregate && block_.aggregate->kind == unresolved::Aggregate::GroupKind::kAll;
  aggregate_ = std::make_unique<AggregateBuilder>(groups, is_all);
  if (block_.aggregate && block_.aggregate->having) having_ = aggregate_->Rewrite(BindHaving());
}

void SelectAnalyzer::BindOutput() {
  for (const Item& item : items_) {
    const ExprPtr expr = aggregate_ ? aggregate_->Rewrite(item.expr) : item.expr;
    const auto* column = item.expr->As<ColumnRef>();
    if (column && !item.has_alias) {
      list_.push_back({expr, {column->id(), item.name, expr->type(), expr->nullable()}});
    } else {
      list_.push_back(NamedExpr::New(expr, item.name));
    }
  }
}

// What the list is computed from: once everything that it and ORDER BY need is bound.
void SelectAnalyzer::PlanInput() {
  if (aggregate_) plan_ = aggregate_->Build(std::move(plan_));
  if (having_) plan_ = std::make_shared<logical::Filter>(std::move(plan_), having_);
}

// Expressions that the list has already become its columns.
ExprPtr SelectAnalyzer::OverOutput(const ExprPtr& expr) const {
  for (const NamedExpr& named : list_) {
    if (Equal(*named.expr, *expr)) return named.column.Ref();
  }
  ExprList children;
  bool changed = false;
  for (const ExprPtr& child : expr->children()) {
    children.push_back(OverOutput(child));
    changed |= children.back() != child;
  }
  return changed ? expr->WithChildren(std::move(children)) : expr;
}

logical::SortKey SelectAnalyzer::BindSortKey(const unresolved::SortOrder& order, ExpressionBinder& binder) {
  logical::OutputColumns output;
  for (const NamedExpr& named : list_) output.push_back(named.column);
  ExprPtr expr = ColumnAtPosition(order, output);
  if (!expr) {
    expr = binder.Bind(order.child);
    if (aggregate_) {
      expr = aggregate_->Rewrite(expr);
    } else if (ContainsAggregate(expr)) {
      throw Error(kMissingGroupBy, order.child->location, "an aggregate in ORDER BY, and no GROUP BY: {}",
                  binder.NameOf(*order.child));
    }
    expr = OverOutput(expr);
  }
  return MakeSortKey(std::move(expr), order);
}

// ORDER BY sees the names of the list first, then those of the input. What the list leaves out is carried along, and
// taken out above the sort.
void SelectAnalyzer::PlanSorted() {
  logical::OutputColumns output;
  for (const NamedExpr& named : list_) output.push_back(named.column);
  const Scope output_scope(output, {});
  if (aggregate_) aggregate_->Allow(output);
  ExpressionBinder binder(context_, {&output_scope, &input_});
  binder.set_aggregate_names({&input_, &output_scope});
  std::vector<logical::SortKey> keys;
  if (block_.sort->is_all) {
    for (const logical::OutputColumn& column : output) keys.push_back(MakeSortKey(column.Ref(), block_.sort->order[0]));
  } else {
    for (const unresolved::SortOrder& order : block_.sort->order) keys.push_back(BindSortKey(order, binder));
  }
  PlanInput();
  std::vector<NamedExpr> carried = list_;
  for (const logical::SortKey& key : keys) {
    for (const ColumnId id : ReferencedColumns(*key.expr)) {
      const auto has_id = [&](const auto& named) { return named.column.id == id; };
      if (std::any_of(carried.begin(), carried.end(), has_id)) continue;
      const auto hidden = std::find_if(plan_->output().begin(), plan_->output().end(),
                                       [&](const logical::OutputColumn& column) { return column.id == id; });
      if (block_.is_distinct) ThrowUnresolvedColumn({hidden->name}, {&output_scope}, {});
      carried.push_back(NamedExpr::PassThrough(*hidden));
    }
  }
  plan_ = std::make_shared<logical::Project>(std::move(plan_), carried);
  if (block_.is_distinct) plan_ = MakeDistinct(std::move(plan_));
  plan_ = std::make_shared<logical::Sort>(std::move(plan_), std::move(keys));
  if (carried.size() == list_.size()) return;
  std::vector<NamedExpr> visible;
  for (const logical::OutputColumn& column : output) visible.push_back(NamedExpr::PassThrough(column));
  plan_ = std::make_shared<logical::Project>(std::move(plan_), std::move(visible));
}

}  // namespace quell::analyzer
