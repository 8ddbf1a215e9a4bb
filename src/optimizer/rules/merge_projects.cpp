#include <unordered_map>

#include "optimizer/rules/rules.h"
#include "optimizer/rules/substitute.h"

namespace quell::optimizer {
namespace {

void CountUses(const Expression& expr, std::unordered_map<ColumnId, int>* uses) {
  if (const auto* ref = expr.As<ColumnRef>()) ++(*uses)[ref->id()];
  for (const ExprPtr& child : expr.children()) CountUses(*child, uses);
}

// An expression that costs something may move up only if one expression alone uses it.
bool MayMerge(const logical::Project& outer, const logical::Project& inner) {
  std::unordered_map<ColumnId, int> uses;
  for (const logical::NamedExpr& named : outer.expressions()) CountUses(*named.expr, &uses);
  for (const logical::NamedExpr& named : inner.expressions()) {
    const auto it = uses.find(named.column.id);
    if (it == uses.end()) continue;
    if (!IsDeterministic(*named.expr)) return false;
    if (it->second > 1 && !IsCheap(*named.expr)) return false;
  }
  return true;
}

}  // namespace

logical::PlanPtr MergeProjects::Rewrite(const logical::PlanPtr& plan) const {
  const auto* outer = plan->As<logical::Project>();
  const auto* inner = outer ? outer->input()->As<logical::Project>() : nullptr;
  if (!inner || !MayMerge(*outer, *inner)) return nullptr;
  const Definitions definitions = DefinitionsOf(inner->expressions());
  std::vector<logical::NamedExpr> merged = outer->expressions();
  for (logical::NamedExpr& named : merged) named.expr = Substitute(named.expr, definitions);
  return std::make_shared<logical::Project>(inner->input(), std::move(merged));
}

logical::PlanPtr RemoveIdentityProject::Rewrite(const logical::PlanPtr& plan) const {
  const auto* project = plan->As<logical::Project>();
  if (!project || project->expressions().size() != project->input()->output().size()) return nullptr;
  for (size_t i = 0; i < project->expressions().size(); ++i) {
    const logical::NamedExpr& named = project->expressions()[i];
    const logical::OutputColumn& below = project->input()->output()[i];
    if (!named.is_pass_through() || named.column.id != below.id || named.column.name != below.name) return nullptr;
  }
  return project->input();
}

}  // namespace quell::optimizer
