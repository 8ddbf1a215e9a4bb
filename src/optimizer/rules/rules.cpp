#include "optimizer/rules/rules.h"

namespace quell::optimizer {
namespace {

template <typename... Rules>
std::vector<std::unique_ptr<Rule>> List() {
  std::vector<std::unique_ptr<Rule>> list;
  (list.push_back(std::make_unique<Rules>()), ...);
  return list;
}

}  // namespace

// Constants first, since a folded predicate may remove a filter at all. Then filters fall as deep as they can, before
// limits do, since a limit stops a filter. Projects merge in between, so that filters and limits meet their scans.
const std::vector<std::unique_ptr<Rule>>& SimplifyingRules() {
  static const auto rules =
      List<FoldConstants, SimplifyFilter, MergeProjects, PushFilterBelowProject, PushFilterBelowAggregate,
           PushFilterBelowSort, PushFilterBelowUnion, PushFilterIntoScan, RemoveUselessSort, SimplifyLimit,
           PushLimitBelowProject, PushLimitBelowUnion, LimitSort, PushTopNBelowProject, PushTopNBelowUnion,
           PushLimitIntoScan>();
  return rules;
}

// Pruning leaves projects behind that pass all through; without them, a sort may stand right below what ignores it.
const std::vector<std::unique_ptr<Rule>>& FinalRules() {
  static const auto rules = List<MergeProjects, RemoveIdentityProject, RemoveUselessSort, PushLimitIntoScan>();
  return rules;
}

}  // namespace quell::optimizer
