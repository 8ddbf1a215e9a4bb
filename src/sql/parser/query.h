// Queries: SELECT blocks joined by set operations, with CTEs before them and ORDER BY, LIMIT behind.
#pragma once

#include <string>
#include <vector>

#include "plan/unresolved/relation.h"
#include "sql/token_stream.h"

namespace quell::sql {

// The next token begins a query; looks through brackets.
bool StartsQuery(const TokenStream& in);

unresolved::RelationPtr ParseQuery(TokenStream& in);
// A query that set operations join: a SELECT, VALUES, TABLE t, FROM t, or a query in brackets.
unresolved::RelationPtr ParseQueryPrimary(TokenStream& in);
// [ORDER | SORT | CLUSTER | DISTRIBUTE BY ...] and [LIMIT n] [OFFSET n] over `input`.
unresolved::RelationPtr ParseOrder(TokenStream& in, unresolved::RelationPtr input);
unresolved::RelationPtr ParseLimit(TokenStream& in, unresolved::RelationPtr input);
// Any number of |> operators over `query`.
unresolved::RelationPtr ParsePipeOperators(TokenStream& in, unresolved::RelationPtr query);
// The common table expressions behind WITH.
std::vector<unresolved::With::Cte> ParseCtes(TokenStream& in);
// SELECT ... [FROM] [WHERE] [GROUP BY] [HAVING].
unresolved::RelationPtr ParseSelect(TokenStream& in);
// SELECT [DISTINCT] list over `input`.
unresolved::RelationPtr ParseProject(TokenStream& in, unresolved::RelationPtr input);
// The FROM clause behind its word: relations, joins, LATERAL VIEWs.
unresolved::RelationPtr ParseFrom(TokenStream& in);
// The next join with `left`; nullptr where there is none.
unresolved::RelationPtr ParseJoin(TokenStream& in, unresolved::RelationPtr left);
// VALUES (1, 'a'), (2, 'b') [alias].
unresolved::RelationPtr ParseValues(TokenStream& in);

// a.b.c, format.`path`, with [FOR] VERSION | TIMESTAMP AS OF and WITH (options) where `is_read`.
unresolved::NamedTable ParseTableName(TokenStream& in, bool is_read);
std::vector<std::string> ParseQualifiedName(TokenStream& in, std::string_view what);
// (a, b, c).
std::vector<std::string> ParseNameList(TokenStream& in);
// ('k' = 'v', a.b = 1, k 'v').
unresolved::Options ParseOptions(TokenStream& in);

}  // namespace quell::sql
