#include <algorithm>

#include "optimizer/rules/row_limit.h"
#include "optimizer/rules/rules.h"

namespace quell::optimizer {
namespace {

// Rows that the input of a limit has to deliver; nullopt: all of them.
std::optional<int64_t> RowsNeeded(const logical::Limit& limit) {
  if (!limit.limit()) return std::nullopt;
  int64_t rows = 0;
  if (__builtin_add_overflow(*limit.limit(), limit.offset(), &rows)) return std::nullopt;
  return rows;
}

}  // namespace

logical::PlanPtr SimplifyLimit::Rewrite(const logical::PlanPtr& plan) const {
  const auto* outer = plan->As<logical::Limit>();
  if (!outer) return nullptr;
  if (outer->limit() == 0) return std::make_shared<logical::Values>(plan->output(), std::vector<ExprList>{});
  if (!outer->limit() && outer->offset() == 0) return outer->input();
  const auto* inner = outer->input()->As<logical::Limit>();
  if (!inner) return nullptr;
  std::optional<int64_t> limit = outer->limit();
  if (inner->limit()) {
    const int64_t left = std::max<int64_t>(0, *inner->limit() - outer->offset());
    limit = limit ? std::min(*limit, left) : left;
  }
  return std::make_shared<logical::Limit>(inner->input(), limit, inner->offset() + outer->offset());
}

logical::PlanPtr PushLimitBelowProject::Rewrite(const logical::PlanPtr& plan) const {
  const auto* limit = plan->As<logical::Limit>();
  const auto* project = limit ? limit->input()->As<logical::Project>() : nullptr;
  if (!project) return nullptr;
  return project->WithInputs({limit->WithInputs({project->input()})});
}

logical::PlanPtr PushLimitBelowUnion::Rewrite(const logical::PlanPtr& plan) const {
  const auto* limit = plan->As<logical::Limit>();
  const auto* all = limit ? limit->input()->As<logical::Union>() : nullptr;
  if (!all) return nullptr;
  const std::optional<int64_t> rows = RowsNeeded(*limit);
  const auto is_limited = [&](const logical::PlanPtr& input) { return IsLimitedTo(input, *rows); };
  if (!rows || std::all_of(all->inputs().begin(), all->inputs().end(), is_limited)) return nullptr;
  std::vector<logical::PlanPtr> inputs;
  for (const logical::PlanPtr& input : all->inputs()) {
    inputs.push_back(is_limited(input) ? input : std::make_shared<logical::Limit>(input, rows, 0));
  }
  return limit->WithInputs({all->WithInputs(std::move(inputs))});
}

logical::PlanPtr LimitSort::Rewrite(const logical::PlanPtr& plan) const {
  const auto* limit = plan->As<logical::Limit>();
  const auto* sort = limit ? limit->input()->As<logical::Sort>() : nullptr;
  if (!sort || sort->limit()) return nullptr;
  const std::optional<int64_t> rows = RowsNeeded(*limit);
  if (!rows) return nullptr;
  auto top = std::make_shared<logical::Sort>(sort->input(), sort->keys(), rows);
  if (limit->offset() == 0) return top;
  return limit->WithInputs({std::move(top)});
}

logical::PlanPtr PushLimitIntoScan::Rewrite(const logical::PlanPtr& plan) const {
  const auto* limit = plan->As<logical::Limit>();
  if (!limit) return nullptr;
  logical::PlanPtr below = limit->input();
  const auto* project = below->As<logical::Project>();
  const auto* scan = project ? project->input()->As<logical::Scan>() : below->As<logical::Scan>();
  const std::optional<int64_t> rows = RowsNeeded(*limit);
  if (!scan || !rows || (scan->limit() && *scan->limit() <= *rows)) return nullptr;
  logical::PlanPtr limited = scan->WithFilters(scan->filters(), rows);
  if (project) limited = project->WithInputs({std::move(limited)});
  return limit->WithInputs({std::move(limited)});
}

}  // namespace quell::optimizer
