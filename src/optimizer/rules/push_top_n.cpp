#include <algorithm>

#include "optimizer/rules/row_limit.h"
#include "optimizer/rules/rules.h"
#include "optimizer/rules/substitute.h"

namespace quell::optimizer {
namespace {

std::vector<logical::SortKey> SubstituteInKeys(std::vector<logical::SortKey> keys, const Definitions& definitions) {
  for (logical::SortKey& key : keys) key.expr = Substitute(key.expr, definitions);
  return keys;
}

}  // namespace

logical::PlanPtr PushTopNBelowProject::Rewrite(const logical::PlanPtr& plan) const {
  const auto* top = plan->As<logical::Sort>();
  const auto* project = top && top->limit() ? top->input()->As<logical::Project>() : nullptr;
  if (!project) return nullptr;
  // Random numbers that go to the rows in their order would go to other rows.
  const bool is_deterministic =
      std::all_of(project->expressions().begin(), project->expressions().end(),
                  [](const logical::NamedExpr& named) { return IsDeterministic(*named.expr); });
  if (!is_deterministic) return nullptr;
  std::vector<logical::SortKey> keys = SubstituteInKeys(top->keys(), DefinitionsOf(project->expressions()));
  return project->WithInputs({std::make_shared<logical::Sort>(project->input(), std::move(keys), top->limit())});
}

logical::PlanPtr PushTopNBelowUnion::Rewrite(const logical::PlanPtr& plan) const {
  const auto* top = plan->As<logical::Sort>();
  const auto* all = top && top->limit() ? top->input()->As<logical::Union>() : nullptr;
  if (!all) return nullptr;
  bool changed = false;
  std::vector<logical::PlanPtr> inputs = all->inputs();
  for (logical::PlanPtr& input : inputs) {
    if (IsLimitedTo(input, *top->limit())) continue;
    Definitions definitions;
    for (size_t i = 0; i < all->output().size(); ++i)
      definitions.emplace(all->output()[i].id, input->output()[i].Ref());
    input = std::make_shared<logical::Sort>(input, SubstituteInKeys(top->keys(), definitions), top->limit());
    changed = true;
  }
  return changed ? plan->WithInputs({all->WithInputs(std::move(inputs))}) : nullptr;
}

}  // namespace quell::optimizer
