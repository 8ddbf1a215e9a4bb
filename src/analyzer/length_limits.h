// The lengths of CHAR and VARCHAR, checked on the rows that are written to a table.
#pragma once

#include "analyzer/analyzer.h"

namespace quell::analyzer {

// The same rows, whose columns are those of the table in their order, under the names of `schema`; executed, it throws
// DELTA_EXCEED_CHAR_VARCHAR_LIMIT at the first with a text that is too long.
logical::PlanPtr RequireLengths(logical::PlanPtr rows, const Schema& schema,
                                const std::vector<catalog::LimitedColumn>& columns);

}  // namespace quell::analyzer
