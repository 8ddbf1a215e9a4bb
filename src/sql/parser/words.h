// Spark reserves no word, so what a word means is told by its place. These are the places where it could mean two
// things.
#pragma once

#include "sql/token_stream.h"

namespace quell::sql {

// The next token names the column before it, though AS was left out.
bool AtImplicitColumnAlias(const TokenStream& in);
// The next token names the table before it, though AS was left out.
bool AtImplicitTableAlias(const TokenStream& in);
// The next token is a word that goes on with the statement, not a column of that name.
bool AtClauseWord(const TokenStream& in);

}  // namespace quell::sql
