// Rewriting the expressions of one plan node.
#pragma once

#include <functional>

#include "plan/logical/plan.h"

namespace quell::optimizer {

// The node with `f` applied to each of its expressions; nullptr when none changed. Expressions of VALUES are left
// alone: they are evaluated once anyway.
logical::PlanPtr MapExpressions(const logical::PlanPtr& plan, const std::function<ExprPtr(const ExprPtr&)>& f);

}  // namespace quell::optimizer
