// Calls: the general form with its clauses, and the forms with words between their arguments.
#pragma once

#include <string>
#include <vector>

#include "plan/unresolved/expression.h"
#include "sql/token_stream.h"

namespace quell::sql {

// Reads from the "(" behind a function's name on: arguments, WITHIN GROUP, FILTER, IGNORE NULLS, OVER.
unresolved::ExprPtr ParseCall(TokenStream& in, std::vector<std::string> name_parts, SourceLocation location);

// CASE, CAST, EXTRACT(x FROM y), TRIM(x FROM y) ... nullptr, and nothing read, where none of them begins.
unresolved::ExprPtr ParseSpecialForm(TokenStream& in);

}  // namespace quell::sql
