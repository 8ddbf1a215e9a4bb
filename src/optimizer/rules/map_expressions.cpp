#include "optimizer/rules/map_expressions.h"

namespace quell::optimizer {
namespace {

using Function = std::function<ExprPtr(const ExprPtr&)>;

bool Map(ExprPtr* expr, const Function& f) {
  ExprPtr mapped = f(*expr);
  const bool changed = mapped != *expr;
  *expr = std::move(mapped);
  return changed;
}

bool Map(std::vector<logical::NamedExpr>* expressions, const Function& f) {
  bool changed = false;
  for (logical::NamedExpr& named : *expressions) changed |= Map(&named.expr, f);
  return changed;
}

bool Map(std::vector<logical::SortKey>* keys, const Function& f) {
  bool changed = false;
  for (logical::SortKey& key : *keys) changed |= Map(&key.expr, f);
  return changed;
}

logical::PlanPtr MapScan(const logical::Scan& scan, const Function& f) {
  ExprList filters = scan.filters();
  bool changed = false;
  for (ExprPtr& filter : filters) changed |= Map(&filter, f);
  if (!changed) return nullptr;
  return scan.WithFilters(std::move(filters), scan.limit());
}

}  // namespace

logical::PlanPtr MapExpressions(const logical::PlanPtr& plan, const Function& f) {
  if (const auto* scan = plan->As<logical::Scan>()) return MapScan(*scan, f);
  if (const auto* project = plan->As<logical::Project>()) {
    auto expressions = project->expressions();
    if (!Map(&expressions, f)) return nullptr;
    return std::make_shared<logical::Project>(project->input(), std::move(expressions));
  }
  if (const auto* filter = plan->As<logical::Filter>()) {
    ExprPtr predicate = filter->predicate();
    if (!Map(&predicate, f)) return nullptr;
    return std::make_shared<logical::Filter>(filter->input(), std::move(predicate));
  }
  if (const auto* aggregate = plan->As<logical::Aggregate>()) {
    auto groups = aggregate->groups();
    auto aggregates = aggregate->aggregates();
    const bool groups_changed = Map(&groups, f);
    if (!Map(&aggregates, f) && !groups_changed) return nullptr;
    return std::make_shared<logical::Aggregate>(aggregate->input(), std::move(groups), std::move(aggregates));
  }
  if (const auto* sort = plan->As<logical::Sort>()) {
    auto keys = sort->keys();
    if (!Map(&keys, f)) return nullptr;
    return std::make_shared<logical::Sort>(sort->input(), std::move(keys), sort->limit());
  }
  return nullptr;
}

}  // namespace quell::optimizer
