// The constraints of a table, checked on the rows that are written to it.
#pragma once

#include "analyzer/analyzer.h"

namespace quell::analyzer {

// The same rows, whose columns are those of the table in their order, under the names of `schema`; executed, it throws
// DELTA_VIOLATE_CONSTRAINT_WITH_VALUES at the first for which a condition is not true. Throws what binding a condition
// throws, and an error of Delta's for one that is not BOOLEAN, not deterministic, or has aggregates.
logical::PlanPtr RequireConstraints(logical::PlanPtr rows, const Schema& schema,
                                    const std::vector<Constraint>& constraints, const Context& context);

}  // namespace quell::analyzer
