#include "expression/cast/cast.h"

#include "base/check.h"
#include "expression/function_registry.h"

namespace quell {

namespace {

KernelPtr Identity() {
  ScalarKernel kernel;
  kernel.skips_nulls = false;
  kernel.takes_dictionaries = true;
  kernel.compute = [](std::span<const Column> arguments, const Rows&, const Type& result) {
    Column column = arguments[0];
    column.type = result;
    return column;
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

KernelPtr AllNull() {
  ScalarKernel kernel;
  kernel.null_propagating = false;
  kernel.takes_dictionaries = true;
  kernel.compute = [](std::span<const Column>, const Rows&, const Type& result) {
    return MakeConstant(result, Value{});
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

bool CanCastChildren(const Type& from, const Type& to, CastMode mode) {
  if (from.id() != to.id() || from.children().size() != to.children().size()) return false;
  for (size_t i = 0; i < from.children().size(); ++i) {
    if (!CanCast(from.children()[i].type, to.children()[i].type, mode)) return false;
  }
  return true;
}

}  // namespace

// Spark's Cast.canAnsiCast and canCast.
bool CanCast(const Type& from, const Type& to, CastMode mode) {
  const bool ansi = mode != CastMode::kLegacy;
  if (from == to || from.id() == TypeId::kNull) return true;
  if (to.id() == TypeId::kNull) return false;
  if (to.id() == TypeId::kString) return true;
  if (from.is_nested() || to.is_nested()) return CanCastChildren(from, to, mode);
  if (from.id() == TypeId::kString) return true;
  const bool from_simple = from.is_numeric() || from.id() == TypeId::kBoolean;
  const bool to_simple = to.is_numeric() || to.id() == TypeId::kBoolean;
  if (from_simple && to_simple) return true;
  if (to.id() == TypeId::kBinary) return from.is_integral();
  if (from.id() == TypeId::kBinary) return !ansi && to.is_integral();
  if (from.is_datetime() && to.is_datetime()) return true;
  if (from.is_interval() && to.is_interval()) return from.id() == to.id();
  if (from.is_interval()) return to.is_integral() || to.id() == TypeId::kDecimal;
  if (to.is_interval()) return from.is_integral() || from.id() == TypeId::kDecimal;
  if (from.id() == TypeId::kTimestamp) return to.is_numeric() || (to.id() == TypeId::kBoolean && !ansi);
  if (to.id() == TypeId::kTimestamp) return from.is_numeric() || (from.id() == TypeId::kBoolean && !ansi);
  if (from.id() == TypeId::kDate) return !ansi && to_simple;
  return false;
}

KernelPtr MakeCastKernel(const Type& from, const Type& to, CastMode mode, const std::string& time_zone) {
  if (from == to) return Identity();
  if (from.id() == TypeId::kNull) return AllNull();
  const auto is_simple = [](const Type& type) { return type.is_numeric() || type.id() == TypeId::kBoolean; };
  if (to.id() == TypeId::kString)
    return from.is_nested() ? CastNested(from, to, mode, time_zone) : CastToString(from, time_zone);
  if (from.is_nested()) return CastNested(from, to, mode, time_zone);
  if (from.id() == TypeId::kString) {
    if (to.is_numeric()) return CastStringToNumber(to, mode);
    if (to.id() == TypeId::kBoolean) return CastStringToBoolean(mode);
    if (to.is_datetime()) return CastStringToDatetime(to, mode, time_zone);
    if (to.is_interval()) return CastStringToInterval(to, mode);
  }
  if (from.id() == TypeId::kBinary || to.id() == TypeId::kBinary) return CastBinary(from, to, mode);
  if (is_simple(from) && is_simple(to)) return CastNumberToNumber(from, to, mode);
  if (from.is_interval() || to.is_interval()) return CastInterval(from, to, mode);
  QUELL_CHECK(from.is_datetime() || to.is_datetime());
  return CastDatetime(from, to, mode, time_zone);
}

}  // namespace quell
