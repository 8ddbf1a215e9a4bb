#include "optimizer/rules/rules.h"

namespace quell::optimizer {

logical::PlanPtr SimplifyFilter::Rewrite(const logical::PlanPtr& plan) const {
  const auto* filter = plan->As<logical::Filter>();
  if (!filter) return nullptr;
  if (const auto* literal = filter->predicate()->As<Literal>()) {
    const bool keeps_all = !literal->value().is_null() && std::get<bool>(literal->value().data);
    if (keeps_all) return filter->input();
    return std::make_shared<logical::Values>(plan->output(), std::vector<ExprList>{});
  }
  if (const auto* inner = filter->input()->As<logical::Filter>()) {
    ExprList conjuncts = SplitConjuncts(inner->predicate());
    for (ExprPtr& conjunct : SplitConjuncts(filter->predicate())) conjuncts.push_back(std::move(conjunct));
    return std::make_shared<logical::Filter>(inner->input(), JoinConjuncts(std::move(conjuncts)));
  }
  return nullptr;
}

}  // namespace quell::optimizer
