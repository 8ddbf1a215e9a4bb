#include <algorithm>
#include <unordered_set>

#include "optimizer/rules/rules.h"
#include "optimizer/rules/substitute.h"

namespace quell::optimizer {
namespace {

// The conjuncts of a filter, those that may go below its input and those that stay.
struct Parting {
  ExprList below;
  ExprList above;
};

template <typename Predicate>
Parting Part(const ExprPtr& predicate, const Predicate& may_go_below) {
  Parting parting;
  for (ExprPtr& conjunct : SplitConjuncts(predicate)) {
    (may_go_below(conjunct) ? parting.below : parting.above).push_back(std::move(conjunct));
  }
  return parting;
}

logical::PlanPtr FilterOver(logical::PlanPtr input, ExprList conjuncts) {
  if (conjuncts.empty()) return input;
  return std::make_shared<logical::Filter>(std::move(input), JoinConjuncts(std::move(conjuncts)));
}

bool ReadsOnly(const Expression& expr, const std::unordered_set<ColumnId>& columns) {
  const std::vector<ColumnId> ids = ReferencedColumns(expr);
  return std::all_of(ids.begin(), ids.end(), [&](ColumnId id) { return columns.contains(id); });
}

}  // namespace

logical::PlanPtr PushFilterBelowProject::Rewrite(const logical::PlanPtr& plan) const {
  const auto* filter = plan->As<logical::Filter>();
  const auto* project = filter ? filter->input()->As<logical::Project>() : nullptr;
  if (!project) return nullptr;
  // Random numbers that go to the rows in their order would go to other rows.
  const bool is_deterministic =
      std::all_of(project->expressions().begin(), project->expressions().end(),
                  [](const logical::NamedExpr& named) { return IsDeterministic(*named.expr); });
  if (!is_deterministic) return nullptr;
  Parting parting = Part(filter->predicate(), [](const ExprPtr& conjunct) { return IsDeterministic(*conjunct); });
  if (parting.below.empty()) return nullptr;
  const Definitions definitions = DefinitionsOf(project->expressions());
  for (ExprPtr& conjunct : parting.below) conjunct = Substitute(conjunct, definitions);
  auto pushed = FilterOver(project->input(), std::move(parting.below));
  return FilterOver(project->WithInputs({std::move(pushed)}), std::move(parting.above));
}

logical::PlanPtr PushFilterBelowAggregate::Rewrite(const logical::PlanPtr& plan) const {
  const auto* filter = plan->As<logical::Filter>();
  const auto* aggregate = filter ? filter->input()->As<logical::Aggregate>() : nullptr;
  if (!aggregate || aggregate->groups().empty()) return nullptr;
  std::unordered_set<ColumnId> group_columns;
  for (const logical::NamedExpr& group : aggregate->groups()) group_columns.insert(group.column.id);
  const Definitions definitions = DefinitionsOf(aggregate->groups());
  Parting parting = Part(filter->predicate(), [&](const ExprPtr& conjunct) {
    return !ReferencedColumns(*conjunct).empty() && ReadsOnly(*conjunct, group_columns) &&
           IsDeterministic(*Substitute(conjunct, definitions));
  });
  if (parting.below.empty()) return nullptr;
  for (ExprPtr& conjunct : parting.below) conjunct = Substitute(conjunct, definitions);
  auto pushed = FilterOver(aggregate->input(), std::move(parting.below));
  return FilterOver(aggregate->WithInputs({std::move(pushed)}), std::move(parting.above));
}

logical::PlanPtr PushFilterBelowSort::Rewrite(const logical::PlanPtr& plan) const {
  const auto* filter = plan->As<logical::Filter>();
  const auto* sort = filter ? filter->input()->As<logical::Sort>() : nullptr;
  if (!sort || sort->limit()) return nullptr;
  Parting parting = Part(filter->predicate(), [](const ExprPtr& conjunct) { return IsDeterministic(*conjunct); });
  if (parting.below.empty()) return nullptr;
  auto pushed = FilterOver(sort->input(), std::move(parting.below));
  return FilterOver(sort->WithInputs({std::move(pushed)}), std::move(parting.above));
}

logical::PlanPtr PushFilterBelowUnion::Rewrite(const logical::PlanPtr& plan) const {
  const auto* filter = plan->As<logical::Filter>();
  const auto* all = filter ? filter->input()->As<logical::Union>() : nullptr;
  if (!all) return nullptr;
  Parting parting = Part(filter->predicate(), [](const ExprPtr& conjunct) { return IsDeterministic(*conjunct); });
  if (parting.below.empty()) return nullptr;
  const ExprPtr below = JoinConjuncts(std::move(parting.below));
  std::vector<logical::PlanPtr> inputs;
  for (const logical::PlanPtr& input : all->inputs()) {
    Definitions definitions;
    for (size_t i = 0; i < all->output().size(); ++i)
      definitions.emplace(all->output()[i].id, input->output()[i].Ref());
    inputs.push_back(std::make_shared<logical::Filter>(input, Substitute(below, definitions)));
  }
  return FilterOver(all->WithInputs(std::move(inputs)), std::move(parting.above));
}

logical::PlanPtr PushFilterIntoScan::Rewrite(const logical::PlanPtr& plan) const {
  const auto* filter = plan->As<logical::Filter>();
  const auto* scan = filter ? filter->input()->As<logical::Scan>() : nullptr;
  if (!scan || scan->limit()) return nullptr;
  Parting parting = Part(filter->predicate(), [](const ExprPtr& conjunct) { return IsDeterministic(*conjunct); });
  if (parting.below.empty()) return nullptr;
  ExprList filters = scan->filters();
  filters.insert(filters.end(), parting.below.begin(), parting.below.end());
  auto pushed = scan->WithFilters(std::move(filters), scan->limit());
  return FilterOver(std::move(pushed), std::move(parting.above));
}

}  // namespace quell::optimizer
