// The rows that INSERT ... REPLACE WHERE writes.
#pragma once

#include "expression/function_registry.h"
#include "plan/logical/plan.h"

namespace quell::analyzer {

// The same rows; executed, it throws DELTA_REPLACE_WHERE_MISMATCH at the first for which `condition`, over columns of
// `rows`, is not true: with the next run of the statement such rows would come a second time.
logical::PlanPtr RequireMatch(logical::PlanPtr rows, const ExprPtr& condition);

// `rows`, and those of `kept` for which `condition`, over columns of `kept`, is not true. The columns of both have the
// same types.
logical::PlanPtr WithRowsThatDoNotMatch(logical::PlanPtr rows, logical::PlanPtr kept, const ExprPtr& condition,
                                        const ExpressionSettings& settings);

}  // namespace quell::analyzer
