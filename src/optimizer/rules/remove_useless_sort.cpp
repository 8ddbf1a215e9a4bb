#include "optimizer/rules/rules.h"

namespace quell::optimizer {
namespace {

// Functions whose result depends on the order of their input.
bool IsOrderSensitive(const logical::Aggregate& aggregate) {
  for (const logical::NamedExpr& named : aggregate.aggregates()) {
    const auto* call = named.expr->As<AggregateCall>();
    if (!call) continue;
    for (const char* name : {"first", "last", "any_value", "collect_list", "listagg", "string_agg"}) {
      if (call->name() == name) return true;
    }
  }
  return false;
}

}  // namespace

logical::PlanPtr RemoveUselessSort::Rewrite(const logical::PlanPtr& plan) const {
  if (plan->inputs().size() != 1) return nullptr;
  const auto* below = plan->input()->As<logical::Sort>();
  if (!below || below->limit()) return nullptr;
  const auto* aggregate = plan->As<logical::Aggregate>();
  const bool ignores_order = plan->kind() == logical::Plan::Kind::kSort || (aggregate && !IsOrderSensitive(*aggregate));
  return ignores_order ? plan->WithInputs({below->input()}) : nullptr;
}

}  // namespace quell::optimizer
