// Leaving out files that cannot hold a row that a filter keeps.
#pragma once

#include <map>

#include "catalog/table.h"
#include "expression/expression.h"
#include "storage/column_range.h"

namespace quell::catalog {

// False when some conjunct, whose InputRefs are positions in the table's schema, is not true for any row whose columns
// have these constant values and lie in these ranges.
bool MayHoldRows(const ExprList& conjuncts, const std::map<int, Value>& constants, const storage::RangeLookup& ranges);

// Whether the condition is true where the columns that it reads have these values, which are all that it reads. Throws
// what evaluating it throws.
bool IsTrueOf(const ExprPtr& condition, const std::map<int, Value>& constants);

}  // namespace quell::catalog
