#include "sql/parser/expression.h"

#include <optional>

#include "sql/parser/query.h"
#include "sql/parser/words.h"

namespace quell::sql {

using namespace unresolved;

namespace {

struct BinaryOperator {
  const char* name;  // of the function
  int precedence;    // higher binds tighter
  size_t num_tokens;
};

constexpr int kComparison = 1;
constexpr int kShift = 5;
constexpr int kSum = 6;
constexpr int kProduct = 7;

// "<<", ">>" and ">>>" come as single tokens side by side.
std::optional<BinaryOperator> ShiftAt(const TokenStream& in) {
  const std::string_view first = in.Peek().text;
  if (first != "<" && first != ">") return std::nullopt;
  size_t count = 1;
  while (count < 3 && in.Peek(count).text == first && in.Peek(count).text.data() == first.data() + count) ++count;
  if (count == 1) return std::nullopt;
  if (first == "<") return BinaryOperator{"<<", kShift, 2};
  return count == 2 ? BinaryOperator{">>", kShift, 2} : BinaryOperator{">>>", kShift, 3};
}

std::optional<BinaryOperator> BinaryOperatorAt(const TokenStream& in) {
  struct Entry {
    const char* symbol;
    const char* name;
    int precedence;
  };
  static constexpr Entry kEntries[] = {
      {"=", "=", kComparison},
      {"==", "=", kComparison},
      {"<>", "!=", kComparison},
      {"!=", "!=", kComparison},
      {"<", "<", kComparison},
      {"<=", "<=", kComparison},
      {">", ">", kComparison},
      {">=", ">=", kComparison},
      {"<=>", "<=>", kComparison},
      {"!<", ">=", kComparison},
      {"!>", "<=", kComparison},
      {"|", "|", 2},
      {"^", "^", 3},
      {"&", "&", 4},
      {"+", "+", kSum},
      {"-", "-", kSum},
      {"||", "concat", kSum},
      {"*", "*", kProduct},
      {"/", "/", kProduct},
      {"%", "%", kProduct},
  };
  if (in.AtWord("DIV")) return BinaryOperator{"div", kProduct, 1};
  if (in.Peek().kind != TokenKind::kSymbol) return std::nullopt;
  if (const auto shift = ShiftAt(in)) return shift;
  for (const Entry& entry : kEntries) {
    if (in.Peek().text == entry.symbol) return BinaryOperator{entry.name, entry.precedence, 1};
  }
  return std::nullopt;
}

ExprPtr ParseUnary(TokenStream& in) {
  const bool is_number = in.AtSymbol("-") && in.Peek(1).kind == TokenKind::kNumber;  // A literal of its own.
  if (is_number || !(in.AtSymbol("-") || in.AtSymbol("+") || in.AtSymbol("~"))) return ParsePrimary(in);
  const NestingScope scope(in);
  const Token& token = in.Next();
  return MakeCall(std::string(token.text), {ParseUnary(in)}, token.location);
}

ExprPtr ParseBinary(TokenStream& in, int lowest, OperatorCount& count) {
  ExprPtr left = ParseUnary(in);
  while (const std::optional<BinaryOperator> op = BinaryOperatorAt(in)) {
    if (op->precedence < lowest) break;
    count.Add();
    const SourceLocation location = in.location();
    in.MoveTo(in.position() + op->num_tokens);
    ExprPtr right = ParseBinary(in, op->precedence + 1, count);
    left = MakeCall(op->name, {std::move(left), std::move(right)}, location);
  }
  return left;
}

ExprPtr ParseIn(TokenStream& in, ExprPtr value, SourceLocation location) {
  in.ExpectSymbol("(");
  if (StartsQuery(in)) {
    Subquery subquery{Subquery::Kind::kIn, ParseQuery(in), {}};
    in.ExpectSymbol(")");
    const auto* row = value->As<Function>();
    if (row && row->name() == "named_struct") {
      for (size_t i = 1; i < row->arguments.size(); i += 2) subquery.in_values.push_back(row->arguments[i]);
    } else {
      subquery.in_values = {std::move(value)};
    }
    return Make(std::move(subquery), location);
  }
  std::vector<ExprPtr> arguments = ParseExpressionList(in);
  arguments.insert(arguments.begin(), std::move(value));
  in.ExpectSymbol(")");
  return MakeCall("in", std::move(arguments), location);
}

// name [NOT] LIKE ANY | SOME | ALL (patterns), or one pattern with its escape.
ExprPtr ParseLike(TokenStream& in, const std::string& name, ExprPtr value, SourceLocation location, bool* is_negated) {
  const bool is_any = in.AtAnyWord({"ANY", "SOME"}) && in.AtSymbol("(", 1);
  if (is_any || (in.AtWord("ALL") && in.AtSymbol("(", 1))) {
    in.Next();
    in.ExpectSymbol("(");
    std::vector<ExprPtr> patterns = ParseExpressionList(in);
    in.ExpectSymbol(")");
    for (ExprPtr& pattern : patterns) {
      pattern = MakeCall(name, {value, std::move(pattern)}, location);
      if (*is_negated) pattern = MakeCall("not", {std::move(pattern)}, location);
    }
    *is_negated = false;
    if (patterns.size() == 1) return patterns[0];
    return MakeCall(is_any ? "or" : "and", std::move(patterns), location);
  }
  std::vector<ExprPtr> arguments = {std::move(value), ParseValueExpression(in)};
  if (name != "rlike" && in.Accept("ESCAPE")) arguments.push_back(MakeString(in.ExpectString(), location));
  return MakeCall(name, std::move(arguments), location);
}

ExprPtr ParseIs(TokenStream& in, ExprPtr value, SourceLocation location) {
  const bool is_negated = in.Accept("NOT");
  if (in.Accept("NULL")) return MakeCall(is_negated ? "isnotnull" : "isnull", {std::move(value)}, location);
  ExprPtr result;
  if (in.AcceptAll({"DISTINCT", "FROM"})) {
    result = MakeCall("<=>", {std::move(value), ParseValueExpression(in)}, location);
    return is_negated ? result : MakeCall("not", {std::move(result)}, location);
  }
  if (in.Accept("TRUE") || in.AtWord("FALSE")) {
    const bool is_true = !in.Accept("FALSE");
    const ExprPtr constant = Make(Literal{Type(TypeId::kBoolean), Value{is_true}}, location);
    result = MakeCall("<=>", {std::move(value), constant}, location);
  } else if (in.Accept("UNKNOWN")) {
    result = MakeCall("isnull", {std::move(value)}, location);
  } else {
    in.Fail("NULL, TRUE, FALSE, UNKNOWN or DISTINCT FROM");
  }
  return is_negated ? MakeCall("not", {std::move(result)}, location) : result;
}

ExprPtr ParsePredicate(TokenStream& in) {
  ExprPtr value = ParseValueExpression(in);
  const SourceLocation location = in.location();
  if (in.Accept("IS")) return ParseIs(in, std::move(value), location);
  const size_t ahead = in.AtWord("NOT") || in.AtSymbol("!") ? 1 : 0;
  if (!in.AtAnyWord({"BETWEEN", "IN", "LIKE", "ILIKE", "RLIKE", "REGEXP"}, ahead)) return value;
  bool is_negated = ahead == 1;
  if (is_negated) in.Next();
  ExprPtr result;
  if (in.Accept("BETWEEN")) {
    ExprPtr low = ParseValueExpression(in);
    in.Expect("AND");
    ExprPtr high = ParseValueExpression(in);
    result = MakeCall("between", {std::move(value), std::move(low), std::move(high)}, location);
  } else if (in.Accept("IN")) {
    result = ParseIn(in, std::move(value), location);
  } else {
    const std::string name = in.AtWord("LIKE") ? "like" : in.AtWord("ILIKE") ? "ilike" : "rlike";
    in.Next();
    result = ParseLike(in, name, std::move(value), location, &is_negated);
  }
  return is_negated ? MakeCall("not", {std::move(result)}, location) : result;
}

ExprPtr ParseNot(TokenStream& in) {
  if (!in.AtWord("NOT") && !in.AtSymbol("!")) return ParsePredicate(in);
  const NestingScope scope(in);
  const Token& token = in.Next();
  return MakeCall("not", {ParseNot(in)}, token.location);
}

// Operands of a chain of ANDs or ORs become the arguments of one call, so that long chains stay flat.
template <typename ParseOperand>
ExprPtr ParseChain(TokenStream& in, const char* word, const char* name, ParseOperand parse_operand) {
  ExprPtr first = parse_operand(in);
  if (!in.AtWord(word)) return first;
  const SourceLocation location = in.location();
  std::vector<ExprPtr> operands = {std::move(first)};
  while (in.Accept(word)) operands.push_back(parse_operand(in));
  return MakeCall(name, std::move(operands), location);
}

ExprPtr ParseAnd(TokenStream& in) { return ParseChain(in, "AND", "and", ParseNot); }

}  // namespace

ExprPtr MakeCall(std::string name, std::vector<ExprPtr> arguments, SourceLocation location) {
  return Make(Function{.name_parts = {std::move(name)}, .arguments = std::move(arguments)}, location);
}

ExprPtr MakeString(std::string value, SourceLocation location) {
  return Make(Literal{Type(TypeId::kString), Value{std::move(value)}}, location);
}

ExprPtr ParseExpression(TokenStream& in) {
  const NestingScope scope(in);
  return ParseChain(in, "OR", "or", ParseAnd);
}

ExprPtr ParseValueExpression(TokenStream& in) {
  OperatorCount count(in);
  return ParseBinary(in, kComparison, count);
}

std::vector<ExprPtr> ParseExpressionList(TokenStream& in) {
  std::vector<ExprPtr> list = {ParseExpression(in)};
  while (in.AcceptSymbol(",")) list.push_back(ParseExpression(in));
  return list;
}

ExprPtr ParseNamedExpression(TokenStream& in) {
  const SourceLocation location = in.location();
  ExprPtr expr = ParseExpression(in);
  const bool has_as = in.Accept("AS");
  if (has_as && in.AcceptSymbol("(")) {
    std::vector<std::string> names = {in.ExpectName()};
    while (in.AcceptSymbol(",")) names.push_back(in.ExpectName());
    in.ExpectSymbol(")");
    return Make(Alias{std::move(expr), std::move(names)}, location);
  }
  if (!has_as && !AtImplicitColumnAlias(in)) return expr;
  return Make(Alias{std::move(expr), {in.ExpectName("an alias")}}, location);
}

std::vector<ExprPtr> ParseNamedExpressions(TokenStream& in) {
  std::vector<ExprPtr> list = {ParseNamedExpression(in)};
  while (in.AcceptSymbol(",")) list.push_back(ParseNamedExpression(in));
  return list;
}

std::vector<SortOrder> ParseSortOrders(TokenStream& in) {
  std::vector<SortOrder> orders;
  do {
    SortOrder order{ParseExpression(in)};
    order.ascending = in.Accept("ASC") || !in.Accept("DESC");
    if (in.Accept("NULLS")) {
      order.nulls_first = in.Accept("FIRST");
      if (!*order.nulls_first) in.Expect("LAST");
    }
    orders.push_back(std::move(order));
  } while (in.AcceptSymbol(","));
  return orders;
}

}  // namespace quell::sql
