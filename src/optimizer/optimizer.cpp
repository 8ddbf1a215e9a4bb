#include "optimizer/optimizer.h"

#include "base/check.h"
#include "optimizer/rules/prune_columns.h"
#include "optimizer/rules/read_members.h"
#include "optimizer/rules/rules.h"

namespace quell::optimizer {
namespace {

// Each rule moves work strictly towards the scans or removes it, so that a fixed point comes soon; a plan that still
// changes after this many rounds has rules that undo one another.
constexpr int kMaxRounds = 100;

logical::PlanPtr ApplyOnce(const Rule& rule, const logical::PlanPtr& plan) {
  return logical::Transform(plan, [&](const logical::PlanPtr& node) {
    logical::PlanPtr rewritten = rule.Rewrite(node);
    return rewritten ? rewritten : node;
  });
}

logical::PlanPtr ApplyUntilStable(const std::vector<std::unique_ptr<Rule>>& rules, logical::PlanPtr plan) {
  for (int round = 0; round < kMaxRounds; ++round) {
    const logical::PlanPtr before = plan;
    for (const auto& rule : rules) plan = ApplyOnce(*rule, plan);
    if (plan == before) return plan;
  }
  QUELL_CHECK(!"the optimizer's rules do not come to an end");
  return plan;
}

}  // namespace

logical::PlanPtr Optimize(logical::PlanPtr plan) {
  plan = ApplyUntilStable(SimplifyingRules(), std::move(plan));
  plan = PruneColumns(plan);
  plan = ApplyUntilStable(FinalRules(), std::move(plan));
  return ReadMembers(plan);
}

}  // namespace quell::optimizer
