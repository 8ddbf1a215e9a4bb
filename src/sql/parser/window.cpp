#include "sql/parser/window.h"

#include "sql/parser/expression.h"

namespace quell::sql {

using namespace unresolved;

namespace {

WindowFrame::Bound ParseBound(TokenStream& in) {
  using Kind = WindowFrame::Bound::Kind;
  if (in.AcceptAll({"CURRENT", "ROW"})) return {Kind::kCurrentRow};
  const bool is_unbounded = in.Accept("UNBOUNDED");
  ExprPtr offset = is_unbounded ? nullptr : ParseExpression(in);
  const bool is_preceding = in.Accept("PRECEDING");
  if (!is_preceding) in.Expect("FOLLOWING");
  if (is_unbounded) return {is_preceding ? Kind::kUnboundedPreceding : Kind::kUnboundedFollowing};
  return {is_preceding ? Kind::kPreceding : Kind::kFollowing, std::move(offset)};
}

WindowFrame ParseFrame(TokenStream& in) {
  WindowFrame frame{in.Accept("ROWS") ? WindowFrame::Unit::kRows : WindowFrame::Unit::kRange, {}, {}};
  if (frame.unit == WindowFrame::Unit::kRange) in.Expect("RANGE");
  if (in.Accept("BETWEEN")) {
    frame.lower = ParseBound(in);
    in.Expect("AND");
    frame.upper = ParseBound(in);
  } else {
    frame.lower = ParseBound(in);
    frame.upper = {WindowFrame::Bound::Kind::kCurrentRow};
  }
  return frame;
}

bool AtWindowClause(const TokenStream& in) {
  return in.AtWords({"PARTITION", "BY"}) || in.AtWords({"DISTRIBUTE", "BY"}) || in.AtWords({"CLUSTER", "BY"}) ||
         in.AtWords({"ORDER", "BY"}) || in.AtWords({"SORT", "BY"}) || in.AtAnyWord({"ROWS", "RANGE"});
}

}  // namespace

ExprPtr ParseOver(TokenStream& in, ExprPtr function) {
  const SourceLocation location = in.location();
  in.Expect("OVER");
  Window window{std::move(function), {}, {}, {}};
  if (!in.AcceptSymbol("(")) {
    window.reference = in.ExpectName("a window");
    return Make(std::move(window), location);
  }
  if (in.AtName() && !AtWindowClause(in)) window.reference = in.ExpectName("a window");
  if (in.AcceptAll({"PARTITION", "BY"}) || in.AcceptAll({"DISTRIBUTE", "BY"}))
    window.partition_by = ParseExpressionList(in);
  if (in.AcceptAll({"ORDER", "BY"}) || in.AcceptAll({"SORT", "BY"})) window.order_by = ParseSortOrders(in);
  if (in.AtAnyWord({"ROWS", "RANGE"})) window.frame = ParseFrame(in);
  in.ExpectSymbol(")");
  return Make(std::move(window), location);
}

}  // namespace quell::sql
