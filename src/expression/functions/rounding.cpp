// round, bround, ceil, floor.
#include <cmath>
#include <limits>

#include "base/check.h"
#include "data/format.h"
#include "data/visit_type.h"
#include "expression/coercion.h"
#include "expression/decimal.h"
#include "expression/functions/arithmetic.h"
#include "expression/functions/functions.h"

namespace quell {

namespace {

enum class Rounding : uint8_t { kHalfUp, kHalfEven, kCeiling, kFloor };

// `value` as a multiple of `unit`.
Int128 RoundTo(Int128 value, Int128 unit, Rounding rounding) {
  const Int128 rest = value % unit;
  const Int128 down = value - rest;
  if (rest == 0) return value;
  const Int128 away = down + (value < 0 ? -unit : unit);
  if (rounding == Rounding::kCeiling) return value < 0 ? down : away;
  if (rounding == Rounding::kFloor) return value < 0 ? away : down;
  const Int128 twice = 2 * (rest < 0 ? -rest : rest);
  if (twice != unit) return twice < unit ? down : away;
  const bool down_is_even = (down / unit) % 2 == 0;
  return rounding == Rounding::kHalfUp || !down_is_even ? away : down;
}

// A decimal with fewer digits behind the point; `scale` may be negative.
Int128 RoundDecimal(Int128 value, int32_t from_scale, int32_t scale, Rounding rounding) {
  if (scale >= from_scale) return value;
  const int32_t dropped = from_scale - scale;
  if (dropped > 38) {
    const bool up = (rounding == Rounding::kCeiling && value > 0) || (rounding == Rounding::kFloor && value < 0);
    return up ? (value < 0 ? -PowerOfTen(38) : PowerOfTen(38)) : Int128{0};
  }
  return RoundTo(value, PowerOfTen(dropped), rounding);
}

// As Java rounds the decimal that the fraction prints as.
double RoundFraction(double value, int32_t scale, Rounding rounding) {
  if (!std::isfinite(value) || value == 0) return value;
  if (scale == 0) {
    if (rounding == Rounding::kCeiling) return std::ceil(value);
    if (rounding == Rounding::kFloor) return std::floor(value);
  }
  constexpr int32_t kDigits = 18;
  const std::string text = FormatDouble(value);
  if (scale > kDigits || std::abs(value) >= 1e18) {
    if (scale >= 0) return value;
  }
  if (std::abs(value) >= 1e20) return value;
  const auto unscaled = ParseDecimal(text, kDigits);
  if (!unscaled) return value;
  return std::strtod(FormatDecimal(RoundDecimal(*unscaled, kDigits, scale, rounding), kDigits).c_str(), nullptr);
}

template <typename T>
KernelPtr IntegralKernel(const Type& type, int32_t scale, Rounding rounding, OverflowMode mode) {
  const std::string variant = std::to_string(scale);
  return MakeKernel<T, T>(
      [=](T value) -> std::optional<T> {
        const Int128 rounded = RoundDecimal(value, 0, scale, rounding);
        if (rounded == static_cast<T>(rounded) || mode == OverflowMode::kWrap) return static_cast<T>(rounded);
        ThrowOverflow(type.ToString().c_str(), "a wider type");
      },
      variant);
}

template <typename Out, typename In>
KernelPtr DecimalKernel(const Type& from, const Type& result, int32_t scale, Rounding rounding, OverflowMode mode) {
  return MakeKernel<Out, In>(
      [=](In value) -> std::optional<Out> {
        const Int128 rounded = RoundDecimal(value, from.scale(), scale, rounding);
        const auto rescaled = Rescale(rounded, from.scale(), result.scale());
        if (rescaled && FitsPrecision(*rescaled, result.precision())) return static_cast<Out>(*rescaled);
        if (mode != OverflowMode::kRaise) return std::nullopt;
        ThrowDecimalOverflow(rounded, from.scale(), result);
      },
      std::to_string(scale));
}

// Spark's types: rounding keeps one more digit before the point, for what is carried.
Type RoundedDecimal(const Type& type, int32_t scale) {
  const int32_t whole = type.precision() - type.scale();
  if (scale < 0) return BoundedDecimal(std::max(whole + 1, -scale + 1), 0);
  const int32_t new_scale = std::min(type.scale(), scale);
  return BoundedDecimal(whole + 1 + new_scale, new_scale);
}

ExprPtr RoundOf(const FunctionCall& call, ExprPtr argument, int32_t scale, Rounding rounding) {
  const Type type = argument->type();
  const OverflowMode mode = ModeOf(call);
  if (type.id() == TypeId::kDecimal) {
    const Type result = RoundedDecimal(type, scale);
    const bool in_short = type.is_short_decimal();
    const bool out_short = result.is_short_decimal();
    KernelPtr kernel = in_short && out_short ? DecimalKernel<int64_t, int64_t>(type, result, scale, rounding, mode)
                       : in_short            ? DecimalKernel<Int128, int64_t>(type, result, scale, rounding, mode)
                       : out_short           ? DecimalKernel<int64_t, Int128>(type, result, scale, rounding, mode)
                                             : DecimalKernel<Int128, Int128>(type, result, scale, rounding, mode);
    return MakeCall(call, result, {std::move(argument)}, std::move(kernel), mode != OverflowMode::kRaise);
  }
  const std::string variant = std::to_string(scale);
  KernelPtr kernel;
  switch (type.id()) {
    case TypeId::kByte: kernel = IntegralKernel<int8_t>(type, scale, rounding, mode); break;
    case TypeId::kShort: kernel = IntegralKernel<int16_t>(type, scale, rounding, mode); break;
    case TypeId::kInt: kernel = IntegralKernel<int32_t>(type, scale, rounding, mode); break;
    case TypeId::kLong: kernel = IntegralKernel<int64_t>(type, scale, rounding, mode); break;
    case TypeId::kFloat:
      kernel = MakeSafeKernel<float, float>(
          [=](float v) {
            // The digits that the float prints, not those of the double it is.
            const double printed = std::strtod(FormatFloat(v).c_str(), nullptr);
            return static_cast<float>(RoundFraction(printed, scale, rounding));
          },
          variant);
      break;
    default:
      kernel = MakeSafeKernel<double, double>([=](double v) { return RoundFraction(v, scale, rounding); }, variant);
  }
  return MakeCall(call, type, {std::move(argument)}, std::move(kernel));
}

std::optional<int32_t> ScaleArgument(const FunctionCall& call) {
  if (call.arguments.size() == 1) return 0;
  const FunctionCall scaled{
      call.name, {call.arguments[0], Argument(call, 1, Type(TypeId::kInt))}, call.location, call.settings};
  const std::optional<Value> value = ConstantArgument(scaled, 1);
  if (!value) {
    throw Error(ErrorClass{"DATATYPE_MISMATCH.NON_FOLDABLE_INPUT", "42K09"}, call.location,
                "the scale of {} must be a constant", call.name);
  }
  if (value->is_null()) return std::nullopt;
  return static_cast<int32_t>(std::get<int64_t>(value->data));
}

FunctionBinder BindRound(Rounding rounding) {
  return [=](const FunctionCall& call) -> ExprPtr {
    CheckArity(call, 1, 2);
    ExprPtr argument = NumericArgument(call, 0);
    const std::optional<int32_t> scale = ScaleArgument(call);
    if (!scale) return std::make_shared<Literal>(argument->type(), Value{});
    return RoundOf(call, std::move(argument), *scale, rounding);
  };
}

// ceil and floor give BIGINT of a number, unless they are told a scale.
FunctionBinder BindWhole(Rounding rounding) {
  return [=](const FunctionCall& call) -> ExprPtr {
    CheckArity(call, 1, 2);
    ExprPtr argument = NumericArgument(call, 0);
    if (call.arguments.size() == 2) {
      const std::optional<int32_t> scale = ScaleArgument(call);
      if (argument->type().id() != TypeId::kDecimal) {
        argument = ImplicitCast(argument, DecimalFor(argument->type()), call.settings);
      }
      if (!scale) return std::make_shared<Literal>(argument->type(), Value{});
      return RoundOf(call, std::move(argument), *scale, rounding);
    }
    const Type type = argument->type();
    if (type.is_integral()) return ImplicitCast(argument, Type(TypeId::kLong), call.settings);
    if (type.id() == TypeId::kDecimal) {
      if (type.scale() == 0) return argument;
      return RoundOf(call, std::move(argument), 0, rounding);
    }
    const Type result(TypeId::kLong);
    KernelPtr kernel = MakeSafeKernel<int64_t, double>([rounding](double v) {
      const double whole = rounding == Rounding::kCeiling ? std::ceil(v) : std::floor(v);
      if (std::isnan(whole)) return int64_t{0};
      if (whole >= 9223372036854775808.0) return std::numeric_limits<int64_t>::max();
      if (whole < -9223372036854775808.0) return std::numeric_limits<int64_t>::min();
      return static_cast<int64_t>(whole);
    });
    return MakeCall(call, result, {ImplicitCast(argument, Type(TypeId::kDouble), call.settings)}, std::move(kernel));
  };
}

}  // namespace

void RegisterRounding(FunctionRegistry& registry) {
  registry.Add("round", BindRound(Rounding::kHalfUp));
  registry.Add("bround", BindRound(Rounding::kHalfEven));
  for (const char* name : {"ceil", "ceiling"}) registry.Add(name, BindWhole(Rounding::kCeiling));
  registry.Add("floor", BindWhole(Rounding::kFloor));
}

}  // namespace quell
