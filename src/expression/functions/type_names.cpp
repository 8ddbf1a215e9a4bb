// int(x), double(x), string(x) ...: a cast by the name of its type; and typeof(x).
#include "data/schema.h"
#include "expression/functions/binding.h"
#include "expression/functions/functions.h"

namespace quell {

namespace {

FunctionBinder BindCastTo(const Type& type) {
  return [type](const FunctionCall& call) -> ExprPtr {
    CheckArity(call, 1, 1);
    const CastMode mode = call.settings.ansi ? CastMode::kAnsi : CastMode::kLegacy;
    const Type& from = call.arguments[0]->type();
    if (!CanCast(from, type, mode)) {
      throw Error(ErrorClass{"DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION", "42K09"}, call.location,
                  "{} cannot be cast to {}", from.ToSql(), type.ToSql());
    }
    if (from == type) return call.arguments[0];
    return std::make_shared<Cast>(call.arguments[0], type, mode, call.settings.time_zone);
  };
}

ExprPtr BindTypeOf(const FunctionCall& call) {
  CheckArity(call, 1, 1);
  // No literal: an aggregate that is the argument still makes the query one that groups.
  ScalarKernel kernel;
  kernel.null_propagating = false;
  kernel.takes_dictionaries = true;
  kernel.compute = [](std::span<const Column> arguments, const Rows&, const Type& result) {
    return MakeConstant(result, Value{arguments[0].type.ToString()});
  };
  return std::make_shared<Call>("typeof", std::make_shared<const ScalarKernel>(std::move(kernel)),
                                Type(TypeId::kString), false, call.arguments);
}

}  // namespace

void RegisterTypeNames(FunctionRegistry& registry) {
  for (const char* name :
       {"boolean", "tinyint", "smallint", "int", "bigint", "float", "double", "decimal", "string", "binary", "date"}) {
    registry.Add(name, BindCastTo(ParseType(name)));
  }
  registry.Add("timestamp",
               ByTimestampType(BindCastTo(Type(TypeId::kTimestamp)), BindCastTo(Type(TypeId::kTimestampNtz))));
  registry.Add("typeof", BindTypeOf);
}

}  // namespace quell
