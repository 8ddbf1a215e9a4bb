// Statements that are not queries. Each reads from its first word on.
#pragma once

#include "plan/unresolved/statement.h"
#include "sql/token_stream.h"

namespace quell::sql {

// CREATE TABLE | VIEW, REPLACE TABLE.
unresolved::Statement ParseCreate(TokenStream& in);
unresolved::Statement ParseDrop(TokenStream& in);
unresolved::Statement ParseInsert(TokenStream& in);
unresolved::Statement ParseDescribe(TokenStream& in);

// SET and RESET take the text behind the word as it is: "SET a.b = any text". nullopt for other statements.
std::optional<unresolved::Statement> ParseSetting(std::string_view text, SourceLocation start);

}  // namespace quell::sql
