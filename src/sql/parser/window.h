// OVER and what stands in its brackets.
#pragma once

#include "plan/unresolved/expression.h"
#include "sql/token_stream.h"

namespace quell::sql {

// Reads from OVER on.
unresolved::ExprPtr ParseOver(TokenStream& in, unresolved::ExprPtr function);

}  // namespace quell::sql
