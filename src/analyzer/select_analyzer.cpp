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
  BindTimeWindow();
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

ExpressionBinder SelectAnalyzer::MakeBinder(std::vector<const Names*> names,
                                            std::vector<const Names*> aggregate_names) const {
  names.push_back(&time_window_);
  ExpressionBinder binder(context_, std::move(names));
  binder.set_aggregate_names(std::move(aggregate_names));
  if (block_.aggregate && block_.aggregate->kind == unresolved::Aggregate::GroupKind::kGroupingSets) {
    binder.set_substitution([this](const unresolved::Expression& expr) { return BindGrouping(expr); });
  }
  return binder;
}

// GROUP BY window(time, duration) lets the query say `window` for it, and leaves out rows without a time.
void SelectAnalyzer::BindTimeWindow() {
  if (!block_.aggregate) return;
  for (const unresolved::ExprPtr& group : block_.aggregate->grouping) {
    const auto* call = group->As<unresolved::Function>();
    if (!call || call->name() != "window" || call->arguments.empty()) continue;
    ExpressionBinder binder(context_, {&input_});
    time_window_.Add("window", binder.Bind(group));
    const ExprPtr time = binder.Bind(call->arguments[0]);
    if (!time->nullable()) continue;
    ExprPtr has_time = FunctionRegistry::BuiltIn().Bind({"isnotnull", {time}, group->location, context_.settings});
    plan_ = std::make_shared<logical::Filter>(std::move(plan_), std::move(has_time));
  }
}

// An alias can be used in the expressions behind it, where no column of the input has the name.
void SelectAnalyzer::BindList() {
  items_.clear();
  Aliases lateral;
  ExpressionBinder binder = MakeBinder({&input_, &lateral}, {&input_});
  for (const unresolved::ExprPtr& source : *block_.list) {
    if (const auto* star = source->As<unresolved::Star>()) {
      for (auto& [expr, name] : binder.ExpandStar(*star, input_, source->location)) {
        items_.push_back({std::move(expr), std::move(name), false});
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
    items_.push_back({std::move(expr), alias ? alias->names[0] : binder.NameOf(*source), alias != nullptr});
  }
}

// A struct that is made of expressions is grouped by them: window() by its start and end.
ExprList SelectAnalyzer::GroupColumns(const ExprPtr& group) {
  const auto* call = group->As<Call>();
  if (!call || call->name() != "named_struct") return {group};
  ExprList members;
  for (size_t i = 1; i < call->children().size(); i += 2) members.push_back(call->children()[i]);
  return members;
}

// A group by its position in the list, by an expression, or by the name of one in the list.
ExprList SelectAnalyzer::BindGroup(const unresolved::ExprPtr& group) {
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
    return GroupColumns(item.expr);
  }
  Aliases list;  // Of two items of one name, the first counts.
  for (const Item& item : items_) {
    if (!list.Find({item.name}, {})) list.Add(item.name, item.expr);
  }
  ExpressionBinder binder(context_, {&input_, &list});
  binder.ForbidAggregates(kGroupByAggregate, "GROUP BY");
  const ExprPtr expr = binder.Bind(group);
  if (ContainsAggregate(expr)) {
    throw Error(kGroupByAggregate, group->location, "an aggregate function cannot stand in GROUP BY: {}",
                binder.NameOf(*group));
  }
  return GroupColumns(expr);
}

// GROUP BY ALL: every item without an aggregate.
ExprList SelectAnalyzer::GroupsOfAll() const {
  ExprList groups;
  for (const Item& item : items_) {
    if (ContainsAggregate(item.expr)) continue;
    const ExprList columns = GroupColumns(item.expr);
    groups.insert(groups.end(), columns.begin(), columns.end());
  }
  return groups;
}

// grouping(a), grouping_id(), grouping__id. While the groups are not known, which may be named by the list itself, they
// are 0.
ExprPtr SelectAnalyzer::BindGrouping(const unresolved::Expression& expr) const {
  const auto* attribute = expr.As<unresolved::Attribute>();
  const auto* call = expr.As<unresolved::Function>();
  const bool is_id =
      (attribute && attribute->name_parts.size() == 1 && SameName(attribute->name_parts[0], "grouping__id")) ||
      (call && call->name() == "grouping_id");
  const bool is_bit = call && call->name() == "grouping" && call->arguments.size() == 1;
  if (!is_id && !is_bit) return nullptr;
  const Type type(is_id ? TypeId::kLong : TypeId::kByte);
  if (!aggregate_) return std::make_shared<Literal>(type, Value{int64_t{0}});
  if (is_id) return aggregate_->grouping_id();
  ExpressionBinder binder(context_, {&input_});
  const std::optional<int64_t> bit = aggregate_->GroupingBit(binder.Bind(call->arguments[0]));
  if (!bit) {
    throw Error(kGroupingColumnMismatch, expr.location, "grouping() takes a column of GROUP BY: {}",
                binder.NameOf(*call->arguments[0]));
  }
  const auto number = [](TypeId id, int64_t value) { return std::make_shared<Literal>(Type(id), Value{value}); };
  const FunctionRegistry& registry = FunctionRegistry::BuiltIn();
  const ExpressionSettings& settings = context_.settings;
  ExprPtr shifted =
      registry.Bind({"shiftright", {aggregate_->grouping_id(), number(TypeId::kInt, *bit)}, expr.location, settings});
  ExprPtr is_out = registry.Bind({"&", {std::move(shifted), number(TypeId::kLong, 1)}, expr.location, settings});
  return std::make_shared<Cast>(std::move(is_out), type, CastMode::kAnsi, settings.time_zone);
}

std::unique_ptr<AggregateBuilder> SelectAnalyzer::MakeGroupingSets() {
  ExprList groups;
  for (const unresolved::ExprPtr& group : block_.aggregate->grouping) {
    const ExprList columns = BindGroup(group);
    groups.insert(groups.end(), columns.begin(), columns.end());
  }
  std::vector<ExprList> sets;
  for (const std::vector<unresolved::ExprPtr>& set : block_.aggregate->grouping_sets) {
    ExprList& bound = sets.emplace_back();
    for (const unresolved::ExprPtr& group : set) {
      const ExprList columns = BindGroup(group);
      bound.insert(bound.end(), columns.begin(), columns.end());
      groups.insert(groups.end(), columns.begin(), columns.end());
    }
  }
  return std::make_unique<AggregateBuilder>(groups, std::move(sets));
}

std::unique_ptr<AggregateBuilder> SelectAnalyzer::MakeAggregate() {
  using Kind = unresolved::Aggregate::GroupKind;
  if (!block_.aggregate) return std::make_unique<AggregateBuilder>(ExprList{}, false);
  // A column of the name `all` is grouped by like any other.
  if (block_.aggregate->kind == Kind::kAll && input_.Find({"all"}, {})) {
    const ExprPtr column = input_.Find({"all"}, {})->expr;
    return std::make_unique<AggregateBuilder>(ExprList{column}, false);
  }
  if (block_.aggregate->kind == Kind::kAll) return std::make_unique<AggregateBuilder>(GroupsOfAll(), true);
  if (block_.aggregate->kind == Kind::kGroupingSets) return MakeGroupingSets();
  if (block_.aggregate->kind != Kind::kGroupBy) {
    throw Error(error_class::kUnsupportedFeature, "not supported yet: ROLLUP and CUBE that are not written out");
  }
  ExprList groups;
  for (const unresolved::ExprPtr& group : block_.aggregate->grouping) {
    const ExprList columns = BindGroup(group);
    groups.insert(groups.end(), columns.begin(), columns.end());
  }
  return std::make_unique<AggregateBuilder>(groups, false);
}

// Names of the list go before names of the input, but for the arguments of aggregates. What is no BOOLEAN is cast to
// one.
ExprPtr SelectAnalyzer::BindHaving() {
  Aliases list;
  for (const Item& item : items_) list.Add(item.name, item.expr);
  std::vector<ScopeColumn> grouped;
  for (const ScopeColumn& column : input_.columns()) {
    if (aggregate_->IsGroup(column.column.Ref())) grouped.push_back(column);
  }
  const Scope groups(std::move(grouped));
  ExpressionBinder binder = MakeBinder({&groups, &list, &input_}, {&input_, &list});
  ExprPtr condition = binder.Bind(block_.aggregate->having);
  const Type boolean(TypeId::kBoolean);
  if (condition->type() != boolean && CanCast(condition->type(), boolean, CastMode::kAnsi)) {
    condition = std::make_shared<Cast>(std::move(condition), boolean, CastMode::kAnsi, context_.settings.time_zone);
  }
  return aggregate_->Rewrite(condition, &list);
}

void SelectAnalyzer::BindAggregate() {
  const bool has_aggregates =
      std::any_of(items_.begin(), items_.end(), [](const Item& item) { return ContainsAggregate(item.expr); });
  if (!block_.aggregate && !has_aggregates) return;
  aggregate_ = MakeAggregate();
  if (aggregate_->grouping_id()) BindList();
  if (block_.aggregate && block_.aggregate->having) having_ = BindHaving();
}

void SelectAnalyzer::BindOutput() {
  for (const Item& item : items_) {
    const ExprPtr expr = aggregate_ ? aggregate_->Rewrite(item.expr) : item.expr;
    const auto* column = expr->As<ColumnRef>();
    if (column && !item.has_alias && item.expr->As<ColumnRef>()) {
      list_.push_back({expr, {column->id(), item.name, expr->type(), expr->nullable()}});
    } else {
      list_.push_back(NamedExpr::New(expr, item.name));
    }
  }
}

// What the list is computed from: once everything that it and ORDER BY need is bound.
void SelectAnalyzer::PlanInput() {
  if (aggregate_) plan_ = aggregate_->Build(plan_);
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
  const Scope output_scope(output, {});
  ExprPtr expr = ColumnAtPosition(order, output);
  if (!expr) {
    expr = binder.Bind(order.child);
    if (aggregate_) {
      expr = aggregate_->Rewrite(expr, &output_scope);
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
  ExpressionBinder binder = MakeBinder({&output_scope, &input_}, {&input_, &output_scope});
  std::vector<logical::SortKey> keys;
  const bool is_all = block_.sort->is_all && !input_.Find({"all"}, {}) && !output_scope.Find({"all"}, {});
  if (is_all) {
    for (const logical::OutputColumn& column : output) keys.push_back(MakeSortKey(column.Ref(), block_.sort->order[0]));
  } else {
    for (unresolved::SortOrder order : block_.sort->order) {
      if (!order.child) order.child = unresolved::Make(unresolved::Attribute{{"all"}});
      keys.push_back(BindSortKey(order, binder));
    }
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
