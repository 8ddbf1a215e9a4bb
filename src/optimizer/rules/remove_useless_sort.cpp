#include <algorithm>

#include "optimizer/rules/rules.h"

namespace quell::optimizer {
namespace {

// Whether an aggregate gives the same value, bit by bit, in whatever order its rows come. Sums of fractions do not.
bool IgnoresOrder(const Expression& aggregate) {
  const auto* call = aggregate.As<AggregateCall>();
  if (!call) return false;
  const std::string& name = call->name();
  for (const char* exact : {"count", "count_if", "regr_count", "min", "max", "bit_and", "bit_or", "bit_xor",
                            "approx_count_distinct", "percentile", "median"}) {
    if (name == exact) return true;
  }
  const bool is_sum = name == "sum" || name == "try_sum" || name == "avg" || name == "mean" || name == "try_avg";
  return is_sum && !call->children()[0]->type().is_fractional();
}

bool IgnoresOrder(const logical::Aggregate& aggregate) {
  return std::all_of(aggregate.aggregates().begin(), aggregate.aggregates().end(),
                     [](const logical::NamedExpr& named) { return IgnoresOrder(*named.expr); });
}

}  // namespace

logical::PlanPtr RemoveUselessSort::Rewrite(const logical::PlanPtr& plan) const {
  if (plan->inputs().size() != 1) return nullptr;
  const auto* below = plan->input()->As<logical::Sort>();
  if (!below || below->limit()) return nullptr;
  const auto* aggregate = plan->As<logical::Aggregate>();
  const bool ignores_order = plan->kind() == logical::Plan::Kind::kSort || (aggregate && IgnoresOrder(*aggregate));
  return ignores_order ? plan->WithInputs({below->input()}) : nullptr;
}

}  // namespace quell::optimizer
