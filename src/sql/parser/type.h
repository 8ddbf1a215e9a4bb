// Types in SQL: CAST(x AS DECIMAL(12, 2)), column definitions.
#pragma once

#include "data/type.h"
#include "sql/token_stream.h"

namespace quell::sql {

Type ParseTypeTokens(TokenStream& in);

}  // namespace quell::sql
