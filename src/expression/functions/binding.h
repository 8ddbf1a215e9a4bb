// What the binders of functions have in common.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/error_classes.h"
#include "expression/function_registry.h"
#include "expression/functions/kernel.h"

namespace quell {

inline constexpr size_t kAnyNumber = static_cast<size_t>(-1);

// Throws WRONG_NUM_ARGS unless the call has `min` to `max` arguments.
void CheckArity(const FunctionCall& call, size_t min, size_t max);
[[noreturn]] void ThrowMismatch(const FunctionCall& call, size_t index, const std::string& wanted);

// Argument `index` as `to`, through an implicit cast by Spark's ANSI rules. Throws DATATYPE_MISMATCH.
ExprPtr Argument(const FunctionCall& call, size_t index, const Type& to);
// Argument `index` if it is numeric (a string becomes DOUBLE, VOID becomes `if_void`).
ExprPtr NumericArgument(const FunctionCall& call, size_t index, const Type& if_void = Type(TypeId::kDouble));
// DATE stays, TIMESTAMP and TIMESTAMP_NTZ stay; a string becomes TIMESTAMP.
ExprPtr TimestampArgument(const FunctionCall& call, size_t index);
// All arguments from `begin` on as their common type. Throws DATATYPE_MISMATCH.
ExprList CommonArguments(const FunctionCall& call, size_t begin = 0);

// The value of an argument that must be constant; nullopt when it is not.
std::optional<Value> ConstantArgument(const FunctionCall& call, size_t index);

// A Call named as in `call`. It is nullable when an argument is, or with `nullable`.
ExprPtr MakeCall(const FunctionCall& call, const Type& result, ExprList arguments, KernelPtr kernel,
                 bool nullable = false);
ExprPtr MakeLiteral(Value value, TypeId type);

// A binder for fixed argument types. `nullable`: NULL may come from arguments that are not.
FunctionBinder Simple(std::vector<Type> argument_types, Type result, KernelPtr kernel, bool nullable = false);
FunctionBinder Simple(std::vector<TypeId> argument_types, TypeId result, KernelPtr kernel, bool nullable = false);

// The binder of a function that makes what spark.sql.timestampType names.
FunctionBinder ByTimestampType(FunctionBinder with_zone, FunctionBinder without_zone);

// Calls another function of the registry with these arguments.
ExprPtr Rebind(const FunctionCall& call, std::string_view name, ExprList arguments);

}  // namespace quell
