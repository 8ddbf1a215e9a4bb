// Casts of values that are written to a column, by the rules of Spark's ANSI store assignment.
#pragma once

#include "analyzer/analyzer.h"
#include "plan/logical/plan.h"

namespace quell::analyzer {

// `expr` as a value of the table's column. Throws INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_SAFELY_CAST.
ExprPtr AssignTo(const Field& column, ExprPtr expr, const catalog::TableName& table,
                 const ExpressionSettings& settings);

}  // namespace quell::analyzer
