// Names of columns without alias, where they depend on what names and types mean.
#include <algorithm>
#include <cctype>

#include "analyzer/expression_binder.h"
#include "expression/evaluator.h"

namespace quell::analyzer {
namespace {

// The column that an expression casts: CAST(a AS INT), int(a).
const unresolved::Attribute* CastColumn(const unresolved::Expression& expr) {
  if (const auto* cast = expr.As<unresolved::Cast>()) return cast->child->As<unresolved::Attribute>();
  const auto* function = expr.As<unresolved::Function>();
  const bool is_cast = function && function->arguments.size() == 1 && unresolved::IsTypeName(function->name());
  return is_cast ? function->arguments[0]->As<unresolved::Attribute>() : nullptr;
}

bool IsArithmetic(const unresolved::Function& function) {
  return function.arguments.size() == 2 && (function.name() == "+" || function.name() == "-" || function.name() == "*");
}

// date + int is date_add(), a time and an interval have no brackets, and an interval stands before the number that it
// is multiplied by. The format of the name, over the names of the two sides; nullptr for the usual one.
const char* TemporalFormat(const std::string& op, const Type& left, const Type& right) {
  if (op == "*") return right.is_interval() && !left.is_interval() ? "({1} * {0})" : nullptr;
  const bool is_sum = op == "+";
  if (left.id() == TypeId::kDate && right.is_integral()) return is_sum ? "date_add({0}, {1})" : "date_sub({0}, {1})";
  if (right.id() == TypeId::kDate && left.is_integral() && is_sum) return "date_add({1}, {0})";
  if (left.is_datetime() && right.is_interval()) return is_sum ? "{0} + {1}" : "{0} - {1}";
  if (left.is_interval() && right.is_datetime() && is_sum) return "{1} + {0}";
  return nullptr;
}

}  // namespace

const Type* ExpressionBinder::TypeOf(const unresolved::ExprPtr& expr) const {
  const auto found = types_.find(expr.get());
  return found == types_.end() ? nullptr : &found->second;
}

// Without the qualifier.
std::optional<std::string> ExpressionBinder::NameOfAttribute(const unresolved::Attribute& attribute,
                                                             SourceLocation location) const {
  const std::optional<FoundName> found = Find(attribute.name_parts, location);
  if (!found) {
    if (!IsLiteralFunction(attribute.name_parts)) return std::nullopt;
    std::string name = attribute.name_parts[0] + "()";
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    return name;
  }
  std::string name = attribute.name_parts[found->num_parts - 1];
  for (size_t i = found->num_parts; i < attribute.name_parts.size(); ++i) name += "." + attribute.name_parts[i];
  return name;
}

std::optional<std::string> ExpressionBinder::NameByType(const unresolved::Expression& expr) const {
  if (const auto* attribute = expr.As<unresolved::Attribute>()) return NameOfAttribute(*attribute, expr.location);
  const auto name = [this](const unresolved::ExprPtr& child) {
    return unresolved::ColumnName(*child, [this](const unresolved::Expression& node) { return NameByType(node); });
  };
  if (const auto* literal = expr.As<unresolved::TypedLiteral>()) {
    const auto cast = std::make_shared<Cast>(std::make_shared<Literal>(Type(TypeId::kString), Value{literal->text}),
                                             literal->type, CastMode::kAnsi, context_.settings.time_zone);
    const std::string text = FormatValue(EvaluateConstant(cast), literal->type, context_.settings.time_zone);
    return literal->type.ToSql() + " '" + text + "'";
  }
  if (const auto* extract = expr.As<unresolved::ExtractValue>()) {
    const Type* type = TypeOf(extract->child);
    const bool by_key = type && type->id() == TypeId::kMap;
    return by_key ? std::optional(name(extract->child) + "[" + name(extract->extraction) + "]") : std::nullopt;
  }
  const auto* function = expr.As<unresolved::Function>();
  if (!function || function->arguments.size() != 2) return std::nullopt;
  const Type* left = TypeOf(function->arguments[0]);
  const Type* right = TypeOf(function->arguments[1]);
  if (!left || !right) return std::nullopt;
  const std::string& called = function->name();
  if ((called == "to_char" || called == "to_varchar") && left->is_datetime()) {
    return "date_format(" + name(function->arguments[0]) + ", " + name(function->arguments[1]) + ")";
  }
  const char* format = IsArithmetic(*function) ? TemporalFormat(called, *left, *right) : nullptr;
  if (!format) return std::nullopt;
  return fmt::format(fmt::runtime(format), name(function->arguments[0]), name(function->arguments[1]));
}

std::string ExpressionBinder::NameOf(const unresolved::Expression& expr) const {
  // A cast of a column has the column's name.
  const auto* attribute = expr.As<unresolved::Attribute>();
  if (!attribute) attribute = CastColumn(expr);
  if (attribute && Find(attribute->name_parts, expr.location)) return attribute->name_parts.back();
  if (const auto* column = expr.As<unresolved::InputColumn>())
    return InputScope()->columns()[static_cast<size_t>(column->position) - 1].column.name;
  const auto* function = expr.As<unresolved::Function>();
  if (function && function->name() == "window") return "window";
  return unresolved::ColumnName(expr, [this](const unresolved::Expression& node) { return NameByType(node); });
}

}  // namespace quell::analyzer
