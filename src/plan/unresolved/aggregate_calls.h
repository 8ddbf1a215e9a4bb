// Aggregates that can be seen before names are resolved.
#pragma once

#include "plan/unresolved/expression.h"

namespace quell::unresolved {

// Whether a call of an aggregate function stands in the expression, outside of subqueries and without OVER.
bool HasAggregate(const ExprPtr& expr);

}  // namespace quell::unresolved
