// From the optimized logical plan to the physical one.
#pragma once

#include "execution/physical/node.h"
#include "plan/logical/plan.h"

namespace quell::execution {

// Columns become positions; expressions that occur more than once are computed once; equal aggregates share a state;
// distinct aggregates become two levels of grouping.
PhysicalNodePtr MakePhysicalPlan(const logical::PlanPtr& plan);

}  // namespace quell::execution
