// Expressions: operators by precedence, and the primary forms that they join.
#pragma once

#include <vector>

#include "plan/unresolved/expression.h"
#include "sql/token_stream.h"

namespace quell::sql {

unresolved::ExprPtr ParseExpression(TokenStream& in);
// Without AND, OR, NOT and predicates: the bounds of BETWEEN, for example.
unresolved::ExprPtr ParseValueExpression(TokenStream& in);
std::vector<unresolved::ExprPtr> ParseExpressionList(TokenStream& in);
// expression [[AS] alias | [AS] (a, b)].
unresolved::ExprPtr ParseNamedExpression(TokenStream& in);
std::vector<unresolved::ExprPtr> ParseNamedExpressions(TokenStream& in);
// expression [ASC | DESC] [NULLS FIRST | LAST], ...
std::vector<unresolved::SortOrder> ParseSortOrders(TokenStream& in);

// One operand with what follows it: members, elements, `::`, COLLATE.
unresolved::ExprPtr ParsePrimary(TokenStream& in);

// A call of an operator or a function by one name.
unresolved::ExprPtr MakeCall(std::string name, std::vector<unresolved::ExprPtr> arguments, SourceLocation location);
unresolved::ExprPtr MakeString(std::string value, SourceLocation location);

}  // namespace quell::sql
