// Grouping: what is computed before it, and in how many levels.
#pragma once

#include "execution/physical/node.h"
#include "expression/expression.h"
#include "plan/logical/plan.h"

namespace quell::execution {

// Whether a call is DISTINCT and must see each value once: they are grouped, and kept, for it.
bool KeepsDistinctValues(const AggregateCall& call);

// Project (keys, arguments, filters) -> [Expand -> Aggregate by keys and distinct arguments ->] Aggregate [-> Project].
PhysicalNodePtr PlanAggregate(const logical::Aggregate& aggregate);

}  // namespace quell::execution
