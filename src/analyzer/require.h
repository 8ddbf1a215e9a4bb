// Conditions that stop a statement at the first row for which they are not true.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "plan/logical/plan.h"

namespace quell::analyzer {

// Throws what is to be said of a row with these values.
using OnViolation = std::function<void(const std::vector<Value>& values)>;

// The rows of `rows`; executed, it calls `on_violation`, with the values of `shown`, at the first for which `condition`
// is not true. Both are over columns of `rows`.
logical::PlanPtr Require(logical::PlanPtr rows, const ExprPtr& condition, const ExprList& shown,
                         OnViolation on_violation);

}  // namespace quell::analyzer
