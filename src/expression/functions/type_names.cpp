// int(x), double(x), string(x) ...: a cast by the name of its type.
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

}  // namespace

void RegisterTypeNames(FunctionRegistry& registry) {
  for (const char* name : {"boolean", "tinyint", "smallint", "int", "bigint", "float", "double", "decimal", "string",
                           "binary", "date", "timestamp"}) {
    registry.Add(name, BindCastTo(ParseType(name)));
  }
}

}  // namespace quell
