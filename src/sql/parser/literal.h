// Constants: numbers, strings, typed literals and intervals.
#pragma once

#include "plan/unresolved/expression.h"
#include "sql/token_stream.h"

namespace quell::sql {

// [-] number, with its suffix.
unresolved::ExprPtr ParseNumber(TokenStream& in);
// One string, or several side by side.
unresolved::ExprPtr ParseStringLiteral(TokenStream& in);
// DATE'...', TIMESTAMP'...', X'...': a word before a string.
unresolved::ExprPtr ParseTypedLiteral(TokenStream& in);
// INTERVAL and what follows it.
bool AtInterval(const TokenStream& in);
unresolved::ExprPtr ParseInterval(TokenStream& in);

}  // namespace quell::sql
