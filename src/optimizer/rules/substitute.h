// Putting expressions in the place of the columns that they make.
#pragma once

#include <unordered_map>
#include <vector>

#include "plan/logical/plan.h"

namespace quell::optimizer {

using Definitions = std::unordered_map<ColumnId, ExprPtr>;

// What each column of these expressions stands for.
Definitions DefinitionsOf(const std::vector<logical::NamedExpr>& expressions);
// `expr` with each ColumnRef that has a definition replaced by it.
ExprPtr Substitute(const ExprPtr& expr, const Definitions& definitions);
// A column, a literal, or a member of one: as cheap to compute twice as to keep.
bool IsCheap(const Expression& expr);

}  // namespace quell::optimizer
