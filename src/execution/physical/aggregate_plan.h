// Grouping: what is computed before it, and in how many levels.
#pragma once

#include "execution/physical/node.h"
#include "plan/logical/plan.h"

namespace quell::execution {

// Project (keys, arguments, filters) -> [Expand -> Aggregate by keys and distinct arguments ->] Aggregate [-> Project].
PhysicalNodePtr PlanAggregate(const logical::Aggregate& aggregate);

}  // namespace quell::execution
