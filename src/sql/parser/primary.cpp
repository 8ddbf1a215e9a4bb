#include "sql/parser/expression.h"
#include "sql/parser/function_call.h"
#include "sql/parser/literal.h"
#include "sql/parser/query.h"
#include "sql/parser/type.h"
#include "sql/parser/words.h"

namespace quell::sql {

using namespace unresolved;

namespace {

// a -> ..., (a, b) -> ...
bool AtLambda(const TokenStream& in) {
  if (in.AtName()) return in.AtSymbol("->", 1);
  const int32_t closing = in.AtSymbol("(") ? in.Peek().closing : -1;
  return closing >= 0 && TokenStream::IsSymbol(in.At(static_cast<size_t>(closing) + 1), "->");
}

ExprPtr ParseLambda(TokenStream& in) {
  const SourceLocation location = in.location();
  Lambda lambda;
  if (in.AcceptSymbol("(")) {
    do {
      lambda.parameters.push_back(in.ExpectName("a parameter"));
    } while (in.AcceptSymbol(","));
    in.ExpectSymbol(")");
  } else {
    lambda.parameters.push_back(in.ExpectName("a parameter"));
  }
  in.ExpectSymbol("->");
  lambda.body = ParseExpression(in);
  return Make(std::move(lambda), location);
}

// (a, b) is a struct: members take the names of columns, else col1, col2 ...
ExprPtr MakeRow(const std::vector<ExprPtr>& members, SourceLocation location) {
  std::vector<ExprPtr> arguments;
  for (const ExprPtr& member : members) {
    const auto* attribute = member->As<Attribute>();
    const auto* alias = member->As<Alias>();
    std::string name = attribute ? attribute->name_parts.back()
                       : alias   ? alias->names.back()
                                 : fmt::format("col{}", arguments.size() / 2 + 1);
    arguments.push_back(MakeString(std::move(name), member->location));
    arguments.push_back(alias ? alias->child : member);
  }
  return MakeCall("named_struct", std::move(arguments), location);
}

ExprPtr ParseBracketed(TokenStream& in) {
  const NestingScope scope(in);
  const SourceLocation location = in.location();
  in.ExpectSymbol("(");
  if (StartsQuery(in)) {
    Subquery subquery{Subquery::Kind::kScalar, ParseQuery(in), {}};
    in.ExpectSymbol(")");
    return Make(std::move(subquery), location);
  }
  std::vector<ExprPtr> members = {ParseNamedExpression(in)};
  while (in.AcceptSymbol(",")) members.push_back(ParseNamedExpression(in));
  in.ExpectSymbol(")");
  if (members.size() > 1 || members[0]->As<Alias>()) return MakeRow(members, location);
  return members[0];
}

std::vector<std::vector<std::string>> ParseExcept(TokenStream& in) {
  std::vector<std::vector<std::string>> names;
  if (!in.AtWord("EXCEPT") || !in.AtSymbol("(", 1) || !in.AtName(2) || in.AtWord("SELECT", 2)) return names;
  in.MoveTo(in.position() + 2);
  do {
    names.push_back({in.ExpectName("a column")});
    while (in.AcceptSymbol(".")) names.back().push_back(in.ExpectName("a column"));
  } while (in.AcceptSymbol(","));
  in.ExpectSymbol(")");
  return names;
}

ExprPtr ParseStar(TokenStream& in, std::vector<std::string> target, SourceLocation location) {
  in.ExpectSymbol("*");
  Star star{std::move(target)};
  star.except = ParseExcept(in);
  return Make(std::move(star), location);
}

// a, a.b, a.*, f(x), a.f(x).
ExprPtr ParseNamePath(TokenStream& in) {
  const SourceLocation location = in.location();
  std::vector<std::string> parts = {in.ExpectName("an expression")};
  while (in.AtSymbol(".")) {
    if (in.AtSymbol("*", 1)) {
      in.Next();
      return ParseStar(in, std::move(parts), location);
    }
    in.Next();
    parts.push_back(in.ExpectName());
  }
  if (in.AtSymbol("(")) return ParseCall(in, std::move(parts), location);
  return Make(Attribute{std::move(parts)}, location);
}

ExprPtr ParseWord(TokenStream& in) {
  const SourceLocation location = in.location();
  const bool is_alone = !in.AtSymbol(".", 1) && !in.AtSymbol("(", 1);
  if (AtInterval(in)) return ParseInterval(in);
  if (in.Peek(1).kind == TokenKind::kString) return ParseTypedLiteral(in);
  if (is_alone && in.Accept("NULL")) return Make(Literal{Type(), Value{}}, location);
  if (is_alone && in.Accept("TRUE")) return Make(Literal{Type(TypeId::kBoolean), Value{true}}, location);
  if (is_alone && in.Accept("FALSE")) return Make(Literal{Type(TypeId::kBoolean), Value{false}}, location);
  if (ExprPtr special = ParseSpecialForm(in)) return special;
  if (AtClauseWord(in)) in.Fail("an expression");
  return ParseNamePath(in);
}

ExprPtr ParseBase(TokenStream& in) {
  if (AtLambda(in)) return ParseLambda(in);
  switch (in.Peek().kind) {
    case TokenKind::kString: return ParseStringLiteral(in);
    case TokenKind::kNumber: return ParseNumber(in);
    case TokenKind::kQuotedName: return ParseNamePath(in);
    case TokenKind::kWord: return ParseWord(in);
    case TokenKind::kSymbol: break;
    case TokenKind::kEnd: in.Fail("an expression");
  }
  if (in.AtSymbol("(")) return ParseBracketed(in);
  if (in.AtSymbol("-")) return ParseNumber(in);
  if (in.AtSymbol("*")) return ParseStar(in, {}, in.location());
  if (in.AtSymbol("?") || (in.AtSymbol(":") && in.AtName(1))) in.Refuse("parameter markers");
  in.Fail("an expression");
}

ExprPtr ParseMember(TokenStream& in, const ExprPtr& base) {
  const SourceLocation location = in.location();
  in.ExpectSymbol(".");
  const auto* attribute = base->As<Attribute>();
  if (in.AtSymbol("*") && attribute) return ParseStar(in, attribute->name_parts, location);
  std::string name = in.ExpectName("a member");
  if (!attribute) return Make(ExtractValue{base, MakeString(std::move(name), location)}, location);
  std::vector<std::string> parts = attribute->name_parts;
  parts.push_back(std::move(name));
  return Make(Attribute{std::move(parts)}, base->location);
}

}  // namespace

ExprPtr ParsePrimary(TokenStream& in) {
  OperatorCount count(in);
  ExprPtr expr = ParseBase(in);
  while (true) {
    const SourceLocation location = in.location();
    if (in.AtSymbol(".")) {
      expr = ParseMember(in, expr);
    } else if (in.AcceptSymbol("[")) {
      expr = Make(ExtractValue{std::move(expr), ParseValueExpression(in)}, location);
      in.ExpectSymbol("]");
    } else if (in.AcceptSymbol("::")) {
      expr = Make(Cast{std::move(expr), ParseTypeTokens(in)}, location);
    } else if (in.AtWord("COLLATE") && in.AtName(1)) {
      in.Refuse("collations");
    } else {
      return expr;
    }
    count.Add();
  }
}

}  // namespace quell::sql
