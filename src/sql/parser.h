// SQL text in the dialect of Spark 4 -> unresolved plan.
#pragma once

#include <string_view>

#include "plan/unresolved/statement.h"

namespace quell::sql {

// One statement; a closing semicolon is allowed. `start` is its place in a script, for the locations in errors and
// nodes. Throws PARSE_SYNTAX_ERROR with line and column, PARSE_EMPTY_STATEMENT, UNSUPPORTED_FEATURE for what is known
// to Spark and not yet to us, FAILED_TO_PARSE_TOO_COMPLEX for text that nests too deeply.
unresolved::Statement ParseStatement(std::string_view text, SourceLocation start = {1, 1},
                                     bool timestamp_is_ntz = false);

// One expression, as in a filter or a check.
unresolved::ExprPtr ParseSingleExpression(std::string_view text, bool timestamp_is_ntz);

}  // namespace quell::sql
