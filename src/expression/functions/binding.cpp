#include "expression/functions/binding.h"

#include <algorithm>

#include "expression/coercion.h"
#include "expression/evaluator.h"

namespace quell {

void CheckArity(const FunctionCall& call, size_t min, size_t max) {
  const size_t count = call.arguments.size();
  if (count >= min && count <= max) return;
  const std::string wanted = max == kAnyNumber ? fmt::format("at least {}", min)
                             : min == max      ? fmt::format("{}", min)
                                               : fmt::format("{} to {}", min, max);
  throw Error(error_class::kWrongNumArgs, call.location, "{} takes {} arguments, not {}", call.name, wanted, count);
}

void ThrowMismatch(const FunctionCall& call, size_t index, const std::string& wanted) {
  throw Error(error_class::kDatatypeMismatch, call.location, "argument {} of {} must be {}, not {} ({})", index + 1,
              call.name, wanted, call.arguments[index]->type().ToSql(), ToString(*call.arguments[index]));
}

ExprPtr Argument(const FunctionCall& call, size_t index, const Type& to) {
  const ExprPtr& argument = call.arguments[index];
  if (!CanCoerce(argument->type(), to, call.settings.ansi)) ThrowMismatch(call, index, to.ToSql());
  return ImplicitCast(argument, to, call.settings);
}

ExprPtr NumericArgument(const FunctionCall& call, size_t index, const Type& if_void) {
  const ExprPtr& argument = call.arguments[index];
  const Type& type = argument->type();
  if (type.is_numeric()) return argument;
  if (type.id() == TypeId::kNull) return ImplicitCast(argument, if_void, call.settings);
  if (type.id() == TypeId::kString) return ImplicitCast(argument, Type(TypeId::kDouble), call.settings);
  ThrowMismatch(call, index, "NUMERIC");
}

ExprPtr TimestampArgument(const FunctionCall& call, size_t index) {
  const ExprPtr& argument = call.arguments[index];
  if (argument->type().is_datetime()) return argument;
  return Argument(call, index, Type(TypeId::kTimestamp));
}

ExprList CommonArguments(const FunctionCall& call, size_t begin) {
  Type common = call.arguments[begin]->type();
  for (size_t i = begin + 1; i < call.arguments.size(); ++i) {
    const Type& type = call.arguments[i]->type();
    const std::optional<Type> wider = CommonType(common, type, call.settings.ansi);
    if (!wider) {
      throw Error(kDataDiffTypes, call.location, "the arguments of {} must be of one type, not {} and {}", call.name,
                  common.ToSql(), type.ToSql());
    }
    common = *wider;
  }
  ExprList arguments(call.arguments.begin(), call.arguments.end());
  for (size_t i = begin; i < arguments.size(); ++i) arguments[i] = ImplicitCast(arguments[i], common, call.settings);
  return arguments;
}

std::optional<Value> ConstantArgument(const FunctionCall& call, size_t index) {
  const ExprPtr& argument = call.arguments[index];
  if (const auto* literal = argument->As<Literal>()) return literal->value();
  if (!IsConstant(*argument)) return std::nullopt;
  return EvaluateConstant(argument);
}

ExprPtr MakeCall(const FunctionCall& call, const Type& result, ExprList arguments, KernelPtr kernel, bool nullable) {
  const bool any_nullable =
      std::any_of(arguments.begin(), arguments.end(), [](const ExprPtr& argument) { return argument->nullable(); });
  return std::make_shared<Call>(std::string(call.name), std::move(kernel), result, nullable || any_nullable,
                                std::move(arguments));
}

ExprPtr MakeLiteral(Value value, TypeId type) { return std::make_shared<Literal>(Type(type), std::move(value)); }

FunctionBinder Simple(std::vector<Type> argument_types, Type result, KernelPtr kernel, bool nullable) {
  return [=](const FunctionCall& call) {
    CheckArity(call, argument_types.size(), argument_types.size());
    ExprList arguments;
    for (size_t i = 0; i < argument_types.size(); ++i) arguments.push_back(Argument(call, i, argument_types[i]));
    return MakeCall(call, result, std::move(arguments), kernel, nullable);
  };
}

FunctionBinder Simple(std::vector<TypeId> argument_types, TypeId result, KernelPtr kernel, bool nullable) {
  std::vector<Type> types;
  for (const TypeId id : argument_types) types.emplace_back(id);
  return Simple(std::move(types), Type(result), std::move(kernel), nullable);
}

FunctionBinder ByTimestampType(FunctionBinder with_zone, FunctionBinder without_zone) {
  return
      [=](const FunctionCall& call) { return call.settings.timestamp_is_ntz ? without_zone(call) : with_zone(call); };
}

ExprPtr Rebind(const FunctionCall& call, std::string_view name, ExprList arguments) {
  return FunctionRegistry::BuiltIn().Bind(FunctionCall{name, std::move(arguments), call.location, call.settings});
}

}  // namespace quell
