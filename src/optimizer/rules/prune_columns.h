// Projection pushdown: every node puts out only the columns that the nodes above it use.
#pragma once

#include "plan/logical/plan.h"

namespace quell::optimizer {

// The same plan, its scans reading only what is needed. The output of the top node stays as it is.
logical::PlanPtr PruneColumns(const logical::PlanPtr& plan);

}  // namespace quell::optimizer
