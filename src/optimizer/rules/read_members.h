// Nested projection pushdown: of a struct of which only members are used, a scan reads just these.
#pragma once

#include "plan/logical/plan.h"

namespace quell::optimizer {

// The same plan, its scans of Parquet reading `a.b` in place of `a` where nothing uses the whole of `a`. Each member
// becomes a column of its own, so that it can be pruned, filtered on and decoded like any other.
logical::PlanPtr ReadMembers(const logical::PlanPtr& plan);

}  // namespace quell::optimizer
