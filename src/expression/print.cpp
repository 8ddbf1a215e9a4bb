// Expressions as EXPLAIN prints them.
#include <algorithm>

#include "expression/expression.h"

namespace quell {

namespace {

bool IsOperator(const std::string& name) {
  static constexpr std::string_view kOperators[] = {"+",  "-",   "*",  "/", "%", "=", "<>",  "<",    "<=",    ">",
                                                    ">=", "<=>", "||", "&", "|", "^", "div", "like", "ilike", "rlike"};
  return std::find(std::begin(kOperators), std::end(kOperators), name) != std::end(kOperators);
}

bool NeedsParentheses(const Expression& expr) {
  if (expr.kind() == Expression::Kind::kConjunction) return true;
  const auto* call = expr.As<Call>();
  return call && call->children().size() == 2 && IsOperator(call->name());
}

std::string Operand(const Expression& expr) {
  return NeedsParentheses(expr) ? "(" + ToString(expr) + ")" : ToString(expr);
}

std::string Join(const ExprList& list, size_t count, const char* separator) {
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    if (i > 0) text += separator;
    text += ToString(*list[i]);
  }
  return text;
}

std::string PrintLiteral(const Literal& literal) {
  const Type& type = literal.type();
  const std::string text = FormatValue(literal.value(), type);
  if (literal.value().is_null()) return text;
  switch (type.id()) {
    case TypeId::kString: {
      std::string quoted = "'";
      for (const char c : text) quoted += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
      return quoted + "'";
    }
    case TypeId::kDate: return "DATE '" + text + "'";
    case TypeId::kTimestamp: return "TIMESTAMP '" + text + "'";
    case TypeId::kTimestampNtz: return "TIMESTAMP_NTZ '" + text + "'";
    default: return text;
  }
}

std::string PrintCall(const Call& call) {
  const ExprList& arguments = call.children();
  std::string name = call.name();
  if (arguments.size() == 2 && IsOperator(name)) {
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::toupper(c); });
    return Operand(*arguments[0]) + " " + name + " " + Operand(*arguments[1]);
  }
  if (name == "get_struct_field") {
    const auto* member = arguments[1]->As<Literal>();
    if (member) return Operand(*arguments[0]) + "." + std::get<std::string>(member->value().data);
  }
  if (name == "not") return "NOT " + Operand(*arguments[0]);
  if (name == "negative") return "-" + Operand(*arguments[0]);
  if (name == "isnull") return Operand(*arguments[0]) + " IS NULL";
  if (name == "isnotnull") return Operand(*arguments[0]) + " IS NOT NULL";
  if (name == "in") {
    const ExprList values(arguments.begin() + 1, arguments.end());
    return Operand(*arguments[0]) + " IN (" + Join(values, values.size(), ", ") + ")";
  }
  return name + "(" + Join(arguments, arguments.size(), ", ") + ")";
}

std::string PrintConjunction(const Conjunction& conjunction) {
  std::string text;
  for (const ExprPtr& child : conjunction.children()) {
    if (!text.empty()) text += conjunction.op() == Conjunction::Op::kAnd ? " AND " : " OR ";
    const bool nested = child->kind() == Expression::Kind::kConjunction;
    text += nested ? "(" + ToString(*child) + ")" : ToString(*child);
  }
  return text;
}

std::string PrintCase(const Case& expr) {
  std::string text = "CASE";
  const ExprList& children = expr.children();
  for (size_t i = 0; i + 1 < children.size(); i += 2) {
    text += " WHEN " + ToString(*children[i]) + " THEN " + ToString(*children[i + 1]);
  }
  if (expr.has_else()) text += " ELSE " + ToString(*children.back());
  return text + " END";
}

std::string PrintAggregate(const AggregateCall& call) {
  std::string text = call.name() + "(" + (call.is_distinct() ? "DISTINCT " : "");
  text += call.num_arguments() == 0 ? "*" : Join(call.children(), call.num_arguments(), ", ");
  text += ")";
  if (call.has_filter()) text += " FILTER (WHERE " + ToString(*call.children().back()) + ")";
  return text;
}

}  // namespace

std::string ToString(const Expression& expr) {
  switch (expr.kind()) {
    case Expression::Kind::kLiteral: return PrintLiteral(*expr.As<Literal>());
    case Expression::Kind::kColumnRef: return expr.As<ColumnRef>()->name();
    case Expression::Kind::kInputRef: return "#" + std::to_string(expr.As<InputRef>()->index());
    case Expression::Kind::kCall: return PrintCall(*expr.As<Call>());
    case Expression::Kind::kCast: {
      const auto& cast = *expr.As<Cast>();
      const char* name = cast.mode() == CastMode::kTry ? "try_cast(" : "cast(";
      return name + ToString(*cast.child()) + " AS " + cast.type().ToString() + ")";
    }
    case Expression::Kind::kConjunction: return PrintConjunction(*expr.As<Conjunction>());
    case Expression::Kind::kCase: return PrintCase(*expr.As<Case>());
    case Expression::Kind::kAggregate: return PrintAggregate(*expr.As<AggregateCall>());
  }
  return {};
}

}  // namespace quell
