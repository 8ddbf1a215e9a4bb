#include "optimizer/rules/row_limit.h"

namespace quell::optimizer {

bool IsLimitedTo(const logical::PlanPtr& plan, int64_t limit) {
  switch (plan->kind()) {
    case logical::Plan::Kind::kProject: return IsLimitedTo(plan->input(), limit);
    case logical::Plan::Kind::kSort: {
      const auto& rows = plan->As<logical::Sort>()->limit();
      return rows && *rows <= limit;
    }
    case logical::Plan::Kind::kLimit: {
      const auto& rows = plan->As<logical::Limit>()->limit();
      return rows && *rows <= limit;
    }
    case logical::Plan::Kind::kValues: return static_cast<int64_t>(plan->As<logical::Values>()->rows().size()) <= limit;
    default: return false;
  }
}

}  // namespace quell::optimizer
