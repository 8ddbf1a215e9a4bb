#include "analyzer/expression_binder.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "analyzer/error_classes.h"
#include "base/error_classes.h"
#include "data/schema.h"
#include "expression/evaluator.h"

namespace quell::analyzer {
namespace {

ExprPtr MakeString(std::string text) {
  return std::make_shared<Literal>(Type(TypeId::kString), Value{std::move(text)});
}

std::string Lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

// The registry's name of an operator.
std::string RegistryName(const unresolved::Function& function) {
  const std::string& name = function.name();
  if (function.arguments.size() == 1 && name == "-") return "negative";
  if (function.arguments.size() == 1 && name == "+") return "positive";
  if (name == "<<") return "shiftleft";
  if (name == ">>") return "shiftright";
  if (name == ">>>") return "shiftrightunsigned";
  return name;
}

constexpr int64_t kMaxNodes = 1'000'000;

// Nodes of the tree, counted up to a limit.
int64_t TreeSize(const Expression& expr, int64_t limit) {
  int64_t size = 1;
  for (const ExprPtr& child : expr.children()) {
    if (size > limit) break;
    size += TreeSize(*child, limit - size);
  }
  return size;
}

// The one member of a struct by a name without regard to case.
void CheckMember(const Type& type, const std::string& name, SourceLocation location) {
  size_t count = 0;
  std::string members;
  for (const Field& field : type.children()) {
    count += SameName(field.name, name) ? 1 : 0;
    members += (members.empty() ? "" : ", ") + Quoted({field.name});
  }
  if (count == 0)
    throw Error(kFieldNotFound, location, "no such struct field {}; there are {}", Quoted({name}), members);
  if (count > 1)
    throw Error(kAmbiguousField, location, "the reference to the struct field {} is ambiguous", Quoted({name}));
}

}  // namespace

bool IsLiteralFunction(const NameParts& parts) {
  static constexpr std::array<std::string_view, 6> kNames = {"current_date", "current_timestamp", "localtimestamp",
                                                             "current_user", "session_user",      "user"};
  return parts.size() == 1 && std::find(kNames.begin(), kNames.end(), Lower(parts[0])) != kNames.end();
}

bool ContainsAggregate(const ExprPtr& expr) {
  if (expr->kind() == Expression::Kind::kAggregate) return true;
  return std::any_of(expr->children().begin(), expr->children().end(), ContainsAggregate);
}

void ExpressionBinder::Count(int64_t num_nodes, SourceLocation location) {
  num_nodes_ += num_nodes;
  if (num_nodes_ > kMaxNodes)
    throw Error(kTooComplex, location, "the expression is too large; divide the query into parts");
}

ExprPtr ExpressionBinder::Bind(const unresolved::ExprPtr& expr) {
  if (substitution_) {
    if (ExprPtr known = substitution_(*expr)) return known;
  }
  Count(1, expr->location);
  ExprPtr bound = std::visit([&](const auto& node) { return BindNode(node, expr->location); }, expr->node);
  types_[expr.get()] = bound->type();
  return bound;
}

ExprPtr ExpressionBinder::BindCondition(const unresolved::ExprPtr& expr) {
  ExprPtr condition = Bind(expr);
  const Type boolean(TypeId::kBoolean);
  if (condition->type().id() == TypeId::kNull) return ImplicitCast(std::move(condition), boolean, context_.settings);
  if (condition->type() != boolean) {
    throw Error(kFilterNotBoolean, expr->location, "a condition is BOOLEAN, not {}: {}", condition->type().ToSql(),
                NameOf(*expr));
  }
  return condition;
}

Value ExpressionBinder::Evaluate(const unresolved::ExprPtr& expr, const Type& type) {
  ExprPtr bound = Bind(expr);
  if (!CanCast(bound->type(), type, CastMode::kAnsi)) {
    throw Error(kUnexpectedInputType, expr->location, "{} is needed, not {}: {}", type.ToSql(), bound->type().ToSql(),
                NameOf(*expr));
  }
  if (bound->type() != type) bound = std::make_shared<Cast>(bound, type, CastMode::kAnsi, context_.settings.time_zone);
  return EvaluateConstant(bound);
}

ExprPtr ExpressionBinder::Call(std::string_view name, ExprList arguments, SourceLocation location) {
  return FunctionRegistry::BuiltIn().Bind({name, std::move(arguments), location, context_.settings});
}

ExprPtr ExpressionBinder::BindNode(const unresolved::Literal& node, SourceLocation) {
  return std::make_shared<Literal>(node.type, node.value);
}

ExprPtr ExpressionBinder::BindNode(const unresolved::TypedLiteral& node, SourceLocation location) {
  try {
    const auto cast =
        std::make_shared<Cast>(MakeString(node.text), node.type, CastMode::kAnsi, context_.settings.time_zone);
    return std::make_shared<Literal>(node.type, EvaluateConstant(cast));
  } catch (const Error&) {
    throw Error(kInvalidTypedLiteral, location, "the value of the typed literal {} is invalid: '{}'", node.type.ToSql(),
                node.text);
  }
}

// A name that is ambiguous in one place may still be found in the next.
std::optional<FoundName> ExpressionBinder::Find(const NameParts& parts, SourceLocation location) const {
  std::optional<Error> ambiguous;
  for (const Names* place : inside_aggregate_ ? aggregate_names_ : names_) {
    try {
      if (std::optional<FoundName> found = place->Find(parts, location)) return found;
    } catch (const Error& error) {
      if (!ambiguous) ambiguous = error;
    }
  }
  if (ambiguous) throw *ambiguous;
  return std::nullopt;
}

ExprPtr ExpressionBinder::BindNode(const unresolved::Attribute& node, SourceLocation location) {
  const std::optional<FoundName> found = Find(node.name_parts, location);
  if (!found) {
    if (IsLiteralFunction(node.name_parts)) return Call(Lower(node.name_parts[0]), {}, location);
    ThrowUnresolvedColumn(node.name_parts, inside_aggregate_ ? aggregate_names_ : names_, location);
  }
  ExprPtr expr = found->expr;
  if (!expr->children().empty()) Count(TreeSize(*expr, kMaxNodes), location);
  for (size_t i = found->num_parts; i < node.name_parts.size(); ++i) {
    expr = Extract(std::move(expr), MakeString(node.name_parts[i]), location);
  }
  return expr;
}

ExprPtr ExpressionBinder::Extract(ExprPtr base, ExprPtr key, SourceLocation location) {
  const Type& type = base->type();
  const auto* name = key->As<Literal>();
  const bool is_name = name && std::holds_alternative<std::string>(name->value().data);
  // array.member takes the member of each element.
  const bool is_struct_array = type.id() == TypeId::kArray && type.children()[0].type.id() == TypeId::kStruct;
  if (is_name && (type.id() == TypeId::kStruct || is_struct_array)) {
    const Type& of = is_struct_array ? type.children()[0].type : type;
    CheckMember(of, std::get<std::string>(name->value().data), location);
  } else if (type.id() != TypeId::kArray && type.id() != TypeId::kMap) {
    throw Error(kInvalidExtractBase, location, "cannot extract from {}; a struct, an array or a map is needed",
                type.ToSql());
  }
  return Call("[]", {std::move(base), std::move(key)}, location);
}

ExprPtr ExpressionBinder::BindNode(const unresolved::Star&, SourceLocation location) {
  throw Error(kInvalidUsageOfStar, location,
              "'*' stands for columns in a SELECT list or in the arguments of a function only");
}

const Scope* ExpressionBinder::InputScope() const {
  for (const Names* place : inside_aggregate_ ? aggregate_names_ : names_) {
    if (const auto* scope = dynamic_cast<const Scope*>(place)) return scope;
  }
  return nullptr;
}

ExprPtr ExpressionBinder::BindNode(const unresolved::InputColumn& node, SourceLocation location) {
  const Scope* scope = InputScope();
  const size_t num_columns = scope ? scope->columns().size() : 0;
  if (node.position < 1 || static_cast<size_t>(node.position) > num_columns) {
    throw Error(kGroupByPosOutOfRange, location, "GROUP BY position {} is not in the input of {} columns",
                node.position, num_columns);
  }
  return scope->columns()[static_cast<size_t>(node.position) - 1].column.Ref();
}

ExprPtr ExpressionBinder::BindNode(const unresolved::Alias& node, SourceLocation) { return Bind(node.child); }

ExprPtr ExpressionBinder::BindNode(const unresolved::Cast& node, SourceLocation location) {
  ExprPtr child = Bind(node.child);
  const CastMode mode = node.is_try ? CastMode::kTry : context_.settings.ansi ? CastMode::kAnsi : CastMode::kLegacy;
  // A literal that was cast stays one: unlike a plain literal, its digits do not decide the type of decimal arithmetic.
  if (child->type() == node.type && !child->As<Literal>()) return child;
  if (!CanCast(child->type(), node.type, mode)) {
    throw Error(kCastWithoutSuggestion, location, "cannot cast {} to {}", child->type().ToSql(), node.type.ToSql());
  }
  return std::make_shared<Cast>(std::move(child), node.type, mode, context_.settings.time_zone);
}

ExprPtr ExpressionBinder::BindNode(const unresolved::ExtractValue& node, SourceLocation location) {
  ExprPtr base = Bind(node.child);
  return Extract(std::move(base), Bind(node.extraction), location);
}

ExprPtr ExpressionBinder::BindNode(const unresolved::Lambda&, SourceLocation location) {
  throw Error(error_class::kUnsupportedFeature, location, "not supported yet: functions that take a lambda");
}

ExprPtr ExpressionBinder::BindNode(const unresolved::NamedArgument& node, SourceLocation location) {
  throw Error(error_class::kUnsupportedFeature, location, "not supported yet: arguments by name ({})", node.name);
}

ExprPtr ExpressionBinder::BindNode(const unresolved::Subquery& node, SourceLocation location) {
  using Kind = unresolved::Subquery::Kind;
  const char* kind = node.kind == Kind::kScalar   ? "scalar subqueries"
                     : node.kind == Kind::kExists ? "EXISTS"
                                                  : "IN with a subquery";
  throw Error(error_class::kUnsupportedFeature, location, "not supported yet: {}", kind);
}

ExprPtr ExpressionBinder::BindNode(const unresolved::Window&, SourceLocation location) {
  throw Error(error_class::kUnsupportedFeature, location, "not supported yet: window functions");
}

ExprList ExpressionBinder::BindArguments(const unresolved::Function& node) {
  ExprList arguments;
  for (const unresolved::ExprPtr& argument : node.arguments) {
    const auto* star = argument->As<unresolved::Star>();
    if (!star) {
      arguments.push_back(Bind(argument));
      continue;
    }
    if (node.name() == "count" && node.arguments.size() == 1 && star->target.empty()) {
      arguments.push_back(std::make_shared<Literal>(Type(TypeId::kInt), Value{int64_t{1}}));
      continue;
    }
    const Scope* scope = InputScope();
    if (!scope) continue;
    for (auto& [expr, name] : ExpandStar(*star, *scope, argument->location)) arguments.push_back(std::move(expr));
  }
  return arguments;
}

ExprPtr ExpressionBinder::BindAggregate(const unresolved::Function& node, const std::string& name,
                                        SourceLocation location) {
  if (forbidden_)
    throw Error(*forbidden_, location, "an aggregate function cannot stand in {}: {}", forbidden_where_, name);
  if (inside_aggregate_) {
    throw Error(kNestedAggregate, location, "an aggregate function cannot stand inside of another: {}; use a subquery",
                name);
  }
  if (!node.within_group.empty())
    throw Error(error_class::kUnsupportedFeature, location, "not supported yet: WITHIN GROUP");
  if (node.ignore_nulls) throw Error(error_class::kUnsupportedFeature, location, "not supported yet: IGNORE NULLS");
  inside_aggregate_ = true;
  ExprList arguments = BindArguments(node);
  const ExprPtr filter = node.filter ? BindCondition(node.filter) : nullptr;
  inside_aggregate_ = false;
  return FunctionRegistry::BuiltIn().Bind(
      {name, std::move(arguments), location, context_.settings, node.is_distinct, filter});
}

ExprPtr ExpressionBinder::BindNode(const unresolved::Function& node, SourceLocation location) {
  const std::string name = RegistryName(node);
  const FunctionRegistry& registry = FunctionRegistry::BuiltIn();
  const bool is_known_path =
      node.name_parts.size() == 1 || (node.name_parts[0] == "system" && node.name_parts[1] == "builtin");
  if (!is_known_path) {
    throw Error(error_class::kUnresolvedRoutine, location, "function not found: {}", Quoted(node.name_parts));
  }
  if (registry.IsAggregate(name)) return BindAggregate(node, name, location);
  if (node.filter || node.is_distinct) {
    throw Error({"INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX", "42000"}, location,
                "the function {} does not take DISTINCT or FILTER, which are for aggregates", name);
  }
  if (node.arguments.size() == 1 && unresolved::IsTypeName(name) && !registry.Contains(name)) {
    const Type type = name == "decimal" ? Type::Decimal(10, 0) : ParseType(name);
    return BindNode(unresolved::Cast{node.arguments[0], type}, location);
  }
  if (name == "between" && node.arguments.size() == 3) {
    const ExprPtr value = Bind(node.arguments[0]);
    ExprPtr low = Call(">=", {value, Bind(node.arguments[1])}, location);
    return Call("and", {std::move(low), Call("<=", {value, Bind(node.arguments[2])}, location)}, location);
  }
  return Call(name, BindArguments(node), location);
}

std::vector<std::pair<ExprPtr, std::string>> ExpressionBinder::ExpandStar(const unresolved::Star& star,
                                                                          const Scope& scope, SourceLocation location) {
  std::vector<std::pair<ExprPtr, std::string>> columns;
  for (const ScopeColumn& column : scope.Under(star.target))
    columns.emplace_back(column.column.Ref(), column.column.name);
  if (columns.empty() && !star.target.empty()) {
    const std::optional<FoundName> found = Find(star.target, location);
    const ExprPtr base = found ? BindNode(unresolved::Attribute{star.target}, location) : nullptr;
    if (!base || base->type().id() != TypeId::kStruct) {
      throw Error(kCannotResolveStarExpand, location, "no table or struct column has the name {}", Quoted(star.target));
    }
    for (const Field& field : base->type().children()) {
      columns.emplace_back(Extract(base, MakeString(field.name), location), field.name);
    }
  }
  for (size_t i = 0; i < star.except.size(); ++i) {
    const NameParts& name = star.except[i];
    const auto same = [&](const auto& column) { return SameName(column.second, name.back()); };
    const auto end = std::remove_if(columns.begin(), columns.end(), same);
    if (end == columns.end()) {
      const bool is_repeated = std::any_of(star.except.begin(), star.except.begin() + static_cast<std::ptrdiff_t>(i),
                                           [&](const NameParts& other) { return SameName(other.back(), name.back()); });
      if (is_repeated) throw Error(kExceptOverlapping, location, "EXCEPT names a column twice: {}", Quoted(name));
      ThrowUnresolvedColumn(name, {&scope}, location);
    }
    columns.erase(end, columns.end());
  }
  for (const auto& [name, value] : star.replace) {
    const auto found = std::find_if(columns.begin(), columns.end(),
                                    [&name = name](const auto& column) { return SameName(column.second, name); });
    if (found == columns.end()) ThrowUnresolvedColumn({name}, {&scope}, location);
    found->first = Bind(value);
  }
  return columns;
}

}  // namespace quell::analyzer
