// How many rows a plan can give at most.
#pragma once

#include <cstdint>

#include "plan/logical/plan.h"

namespace quell::optimizer {

// Whether it is plain from the plan that no more than `limit` rows come out of it.
bool IsLimitedTo(const logical::PlanPtr& plan, int64_t limit);

}  // namespace quell::optimizer
