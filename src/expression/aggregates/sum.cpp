// sum, try_sum.
#include "expression/aggregates/sum.h"
#include "data/visit_type.h"
#include "expression/aggregates/aggregates.h"
#include "expression/aggregates/states.h"
#include "expression/coercion.h"
#include "expression/decimal.h"
#include "expression/functions/arithmetic.h"

namespace quell {

namespace {

template <typename States, typename... Arguments>
std::function<std::unique_ptr<AggregateStates>()> Maker(Arguments... arguments) {
  return [=] { return std::make_unique<States>(arguments...); };
}

template <typename In>
std::function<std::unique_ptr<AggregateStates>()> MakerFor(const Type& argument, const Type& result,
                                                           OverflowMode mode) {
  if constexpr (std::is_same_v<In, Int128>) {
    return Maker<SumStates<In, Int128, Int128>>(result, mode, argument.precision());
  } else if constexpr (std::is_floating_point_v<In>) {
    return Maker<SumStates<In, double, double>>(result, mode, 0);
  } else if constexpr (sizeof(In) == 8) {
    if (argument.id() != TypeId::kDecimal) return Maker<SumStates<In, int64_t, int64_t>>(result, mode, 0);
    const bool short_result = result.is_short_decimal();
    if (short_result) return Maker<DecimalSumStates<int64_t>>(result, mode, argument.precision());
    if (argument.precision() <= kMaxBufferedPrecision) {
      return Maker<DecimalSumStates<Int128>>(result, mode, argument.precision());
    }
    return Maker<SumStates<In, Int128, Int128>>(result, mode, argument.precision());
  } else if constexpr (std::is_same_v<In, int32_t>) {
    if (result.id() == TypeId::kYearMonthInterval) return Maker<SumStates<In, int32_t, int32_t>>(result, mode, 0);
    return Maker<SumStates<In, int64_t, int64_t>>(result, mode, 0);
  } else if constexpr (!std::is_same_v<In, bool>) {
    return Maker<SumStates<In, int64_t, int64_t>>(result, mode, 0);
  } else {
    QUELL_CHECK(false);
  }
}

FunctionBinder BindSum(bool is_try) {
  return [is_try](const FunctionCall& call) -> ExprPtr {
    CheckArity(call, 1, 1);
    const bool is_interval = call.arguments[0]->type().is_interval();
    ExprPtr argument = is_interval ? call.arguments[0] : NumericArgument(call, 0);
    AggregateFunction function = SumFunction(argument->type(), is_try ? OverflowMode::kNull : ModeOf(call));
    return MakeAggregate(call, {std::move(argument)}, std::move(function));
  };
}

}  // namespace

Type SumType(const Type& argument) {
  constexpr int32_t kExtraDigits = 10;
  if (argument.id() == TypeId::kDecimal) return BoundedDecimal(argument.precision() + kExtraDigits, argument.scale());
  if (argument.is_fractional()) return Type(TypeId::kDouble);
  if (argument.is_interval()) return argument;
  return Type(TypeId::kLong);
}

AggregateFunction SumFunction(const Type& argument, OverflowMode mode) {
  AggregateFunction function;
  function.result_type = SumType(argument);
  function.state_types = {function.result_type};
  function.make_states = VisitFixedWidth(
      argument,
      [&](auto tag) { return MakerFor<typename decltype(tag)::Native>(argument, function.result_type, mode); },
      []() -> std::function<std::unique_ptr<AggregateStates>()> { QUELL_CHECK(false); });
  return function;
}

void RegisterSum(FunctionRegistry& registry) {
  registry.AddAggregate("sum", BindSum(false));
  registry.AddAggregate("try_sum", BindSum(true));
}

}  // namespace quell
