// What ORDER BY over a SELECT and over any other relation share, and DISTINCT.
#pragma once

#include "plan/logical/plan.h"
#include "plan/unresolved/expression.h"

namespace quell::analyzer {

// ORDER BY 2: the second column of the output. nullptr for any other key. Throws ORDER_BY_POS_OUT_OF_RANGE.
ExprPtr ColumnAtPosition(const unresolved::SortOrder& order, const logical::OutputColumns& output);
// Direction and place of NULLs as written. Throws DATATYPE_MISMATCH.INVALID_ORDERING_TYPE for a type without an order.
logical::SortKey MakeSortKey(ExprPtr expr, const unresolved::SortOrder& order);
// The input's rows without repeats.
logical::PlanPtr MakeDistinct(logical::PlanPtr input);

}  // namespace quell::analyzer
