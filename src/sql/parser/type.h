// Types in SQL: CAST(x AS DECIMAL(12, 2)), column definitions.
#pragma once

#include "data/length_limits.h"
#include "sql/token_stream.h"

namespace quell::sql {

Type ParseTypeTokens(TokenStream& in);
// The type of a column that is declared.
LimitedType ParseColumnTypeTokens(TokenStream& in);

}  // namespace quell::sql
