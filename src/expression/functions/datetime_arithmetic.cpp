// + - * / over dates, timestamps and intervals.
#include <cmath>

#include "base/check.h"
#include "expression/coercion.h"
#include "expression/decimal.h"
#include "expression/functions/arithmetic.h"
#include "expression/functions/datetime.h"

namespace quell {

namespace {

constexpr ErrorClass kIntervalDividedByZero{"INTERVAL_DIVIDED_BY_ZERO", "22012"};

const Type kDate(TypeId::kDate);
const Type kTimestamp(TypeId::kTimestamp);

template <typename T>
std::optional<T> FitInterval(Int128 value, OverflowMode mode, const char* try_name) {
  if (value == static_cast<T>(value)) return static_cast<T>(value);
  if (mode == OverflowMode::kNull) return std::nullopt;
  throw Error(kIntervalOverflowWithSuggestion, "an interval overflows; use {} to get NULL instead", try_name);
}

// What does not fit is an error unless NULL is wanted for it.
std::optional<int64_t> FitOrNull(std::optional<int64_t> us, OverflowMode mode) {
  return mode == OverflowMode::kNull ? us : RequireFit(us);
}
std::optional<int32_t> DaysOrNull(int64_t days, OverflowMode mode) {
  return mode == OverflowMode::kNull ? FitDays(days) : CheckedDays(days);
}

// Whole days move the local clock, the rest the instant.
std::optional<int64_t> AddMicros(ZoneCursor& zone, int64_t us, Int128 delta) {
  const Int128 rest = delta % kMicrosPerDay;
  if (rest == delta) return FitMicros(us + rest);
  const std::optional<int64_t> shifted = FitUtc(zone, Int128{us} + zone.OffsetAt(us) + (delta - rest));
  return shifted ? FitMicros(*shifted + rest) : std::nullopt;
}

// timestamp + months, or + microseconds.
KernelPtr ShiftTimestamp(const TimeZone& zone, bool by_months, int32_t sign, OverflowMode mode) {
  const std::string variant = std::to_string(by_months) + std::to_string(sign);
  if (!by_months) {
    return MakeZonedKernel<int64_t, int64_t, int64_t>(
        zone,
        [=](ZoneCursor& cursor, int64_t us, int64_t delta) {
          return FitOrNull(AddMicros(cursor, us, sign * Int128{delta}), mode);
        },
        variant);
  }
  return MakeZonedKernel<int64_t, int64_t, int32_t>(
      zone,
      [=](ZoneCursor& cursor, int64_t us, int32_t months) {
        LocalTime local = cursor.LocalAt(us);
        local.days = AddMonths(local.days, sign * static_cast<int64_t>(months));
        return FitOrNull(FitUtc(cursor, MicrosOf(local)), mode);
      },
      variant);
}

ExprPtr AddToTimestamp(const FunctionCall& call, ExprPtr timestamp, const ExprPtr& interval, int32_t sign,
                       OverflowMode mode) {
  const bool by_months = interval->type().id() == TypeId::kYearMonthInterval;
  const Type type = timestamp->type();
  KernelPtr kernel = ShiftTimestamp(ZoneOf(type, call.settings), by_months, sign, mode);
  return MakeCall(call, type, {std::move(timestamp), interval}, std::move(kernel), mode == OverflowMode::kNull);
}

ExprPtr AddToDate(const FunctionCall& call, const ExprPtr& date, const ExprPtr& other, int32_t sign,
                  OverflowMode mode) {
  const Type& type = other->type();
  const std::string variant = std::to_string(sign);
  if (type.id() == TypeId::kYearMonthInterval) {
    KernelPtr kernel = MakeKernel<int32_t, int32_t, int32_t>(
        [=](int32_t days, int32_t months) { return DaysOrNull(AddMonths(days, sign * int64_t{months}), mode); },
        variant);
    return MakeCall(call, kDate, {date, other}, std::move(kernel), mode == OverflowMode::kNull);
  }
  if (type.id() == TypeId::kDayTimeInterval) {
    if (type.end_unit() == 0) {
      KernelPtr kernel = MakeKernel<int32_t, int32_t, int64_t>(
          [=](int32_t days, int64_t us) { return DaysOrNull(days + sign * (us / kMicrosPerDay), mode); }, variant);
      return MakeCall(call, kDate, {date, other}, std::move(kernel), mode == OverflowMode::kNull);
    }
    return AddToTimestamp(call, ImplicitCast(date, kTimestamp, call.settings), other, sign, mode);
  }
  return Rebind(call, sign > 0 ? "date_add" : "date_sub", {date, other});
}

// date - date in days; else timestamp - timestamp in microseconds of local time.
ExprPtr Difference(const FunctionCall& call, const ExprPtr& a, const ExprPtr& b, OverflowMode mode) {
  const bool nullable = mode == OverflowMode::kNull;
  if (a->type().id() == TypeId::kDate && b->type().id() == TypeId::kDate) {
    KernelPtr kernel = MakeKernel<int64_t, int32_t, int32_t>(
        [=](int32_t x, int32_t y) { return FitOrNull(FitMicros((Int128{x} - y) * kMicrosPerDay), mode); });
    return MakeCall(call, Type::DayTimeInterval(0, 0), {a, b}, std::move(kernel), nullable);
  }
  const bool any_instant = a->type().id() == TypeId::kTimestamp || b->type().id() == TypeId::kTimestamp;
  const Type type(any_instant ? TypeId::kTimestamp : TypeId::kTimestampNtz);
  KernelPtr kernel = MakeZonedKernel<int64_t, int64_t, int64_t>(
      ZoneOf(type, call.settings), [=](ZoneCursor& zone, int64_t x, int64_t y) {
        const Int128 x_local = Int128{x} + zone.OffsetAt(x);
        return FitOrNull(FitMicros(x_local - y - zone.OffsetAt(y)), mode);
      });
  return MakeCall(call, Type::DayTimeInterval(0, 3),
                  {ImplicitCast(a, type, call.settings), ImplicitCast(b, type, call.settings)}, std::move(kernel),
                  nullable);
}

template <typename T>
KernelPtr IntervalSum(int32_t sign, OverflowMode mode) {
  return MakeKernel<T, T, T>(
      [=](T a, T b) {
        return FitInterval<T>(Int128{a} + sign * Int128{b}, mode, sign > 0 ? "try_add" : "try_subtract");
      },
      std::to_string(sign));
}

ExprPtr AddIntervals(const FunctionCall& call, const ExprPtr& a, const ExprPtr& b, int32_t sign, OverflowMode mode) {
  const auto common = CommonType(a->type(), b->type(), call.settings.ansi);
  if (!common) {
    throw Error(kBinaryOpDiffTypes, call.location, "{} does not take {} and {}", call.name, a->type().ToSql(),
                b->type().ToSql());
  }
  const bool months = common->id() == TypeId::kYearMonthInterval;
  KernelPtr kernel = months ? IntervalSum<int32_t>(sign, mode) : IntervalSum<int64_t>(sign, mode);
  return MakeCall(call, *common, {ImplicitCast(a, *common, call.settings), ImplicitCast(b, *common, call.settings)},
                  std::move(kernel), mode == OverflowMode::kNull);
}

// interval * number or interval / number, HALF_UP; the number is a decimal or a double.
template <typename T>
KernelPtr Scaling(bool divides, bool by_double, int32_t scale, OverflowMode mode) {
  const char* try_name = divides ? "try_divide" : "try_multiply";
  const auto check_zero = [=](bool zero) {
    if (!zero) return false;
    if (mode == OverflowMode::kNull) return true;
    throw Error(kIntervalDividedByZero, "an interval is divided by zero; use try_divide to get NULL instead");
  };
  if (by_double) {
    return MakeKernel<T, T, double>([=](T interval, double factor) -> std::optional<T> {
      if (divides && check_zero(factor == 0)) return std::nullopt;
      const double product = divides ? interval / factor : interval * factor;
      const double rounded = product < 0 ? std::ceil(product - 0.5) : std::floor(product + 0.5);
      if (!(std::abs(rounded) < 9.3e18)) return FitInterval<T>(Int128{1} << 100, mode, try_name);
      return FitInterval<T>(static_cast<Int128>(rounded), mode, try_name);
    });
  }
  return MakeKernel<T, T, Int128>([=](T interval, Int128 factor) -> std::optional<T> {
    if (divides && check_zero(factor == 0)) return std::nullopt;
    const Type whole = Type::Decimal(38, 0);
    const auto result = divides ? DivideDecimals(interval, 0, factor, scale, whole)
                                : MultiplyDecimals(interval, 0, factor, scale, whole);
    return FitInterval<T>(result.value_or(Int128{1} << 100), mode, try_name);
  });
}

ExprPtr ScaleInterval(const FunctionCall& call, const ExprPtr& interval, ExprPtr number, bool divides,
                      OverflowMode mode) {
  const bool months = interval->type().id() == TypeId::kYearMonthInterval;
  const Type result = months ? Type::YearMonthInterval() : Type::DayTimeInterval();
  if (number->type().id() == TypeId::kString) number = ImplicitCast(number, Type(TypeId::kDouble), call.settings);
  const bool by_double = number->type().is_fractional();
  const int32_t scale = number->type().scale();
  number = ImplicitCast(number, by_double ? Type(TypeId::kDouble) : Type::Decimal(38, scale), call.settings);
  KernelPtr kernel =
      months ? Scaling<int32_t>(divides, by_double, scale, mode) : Scaling<int64_t>(divides, by_double, scale, mode);
  return MakeCall(call, result, {interval, std::move(number)}, std::move(kernel), mode == OverflowMode::kNull);
}

// Spark takes a date, a timestamp or a day-time interval beside anything for a function of it, whose arguments are
// wrong then.
[[noreturn]] void ThrowTypes(const FunctionCall& call) {
  const Type& a = call.arguments[0]->type();
  const Type& b = call.arguments[1]->type();
  const auto has = [&](TypeId id) { return a.id() == id || b.id() == id; };
  const bool subtracts = call.name.ends_with("-") || call.name == "try_subtract";
  const bool timestamp = has(TypeId::kTimestamp) || has(TypeId::kTimestampNtz);
  const bool with_text = has(TypeId::kString);
  const bool of_function = has(TypeId::kDayTimeInterval) || has(TypeId::kDate) || (subtracts && timestamp);
  const bool scales = call.name == "*" || call.name == "/" || call.name == "try_multiply" || call.name == "try_divide";
  const bool scales_interval = scales && (a.is_interval() || b.is_interval());
  const bool is_sum = subtracts || call.name == "+" || call.name == "try_add";
  if ((is_sum && of_function) || scales_interval) {
    throw Error(error_class::kDatatypeMismatch, call.location, "{} does not take {} and {}", call.name, a.ToSql(),
                b.ToSql());
  }
  // A string becomes what stands beside it, and two of a kind still have no arithmetic.
  const bool same = a == b || (with_text && !has(TypeId::kYearMonthInterval));
  throw Error(same ? kBinaryOpWrongType : kBinaryOpDiffTypes, call.location, "{} does not take {} and {}", call.name,
              a.ToSql(), b.ToSql());
}

bool IsTimestamp(const Type& type) { return type.id() == TypeId::kTimestamp || type.id() == TypeId::kTimestampNtz; }

}  // namespace

ExprPtr BindDatetimeArithmetic(const FunctionCall& call, Arithmetic op, OverflowMode mode) {
  ExprPtr a = call.arguments[0];
  ExprPtr b = call.arguments[1];
  const auto concerns = [](const ExprPtr& e) { return e->type().is_datetime() || e->type().is_interval(); };
  if (!concerns(a) && !concerns(b)) return nullptr;
  if (op == Arithmetic::kMultiply || op == Arithmetic::kDivide) {
    const auto scales = [](const ExprPtr& e) {
      return e->type().is_numeric() || e->type().id() == TypeId::kString || e->type().id() == TypeId::kNull;
    };
    if (a->type().is_interval() && scales(b)) return ScaleInterval(call, a, b, op == Arithmetic::kDivide, mode);
    if (op == Arithmetic::kMultiply && b->type().is_interval() && scales(a))
      return ScaleInterval(call, b, a, false, mode);
    ThrowTypes(call);
  }
  if (op != Arithmetic::kAdd && op != Arithmetic::kSubtract) ThrowTypes(call);
  // In a sum the date or timestamp comes first.
  if (op == Arithmetic::kAdd && b->type().is_datetime()) std::swap(a, b);
  const int32_t sign = op == Arithmetic::kAdd ? 1 : -1;
  if (a->type().id() == TypeId::kNull) a = ImplicitCast(a, b->type(), call.settings);
  const bool a_text = a->type().id() == TypeId::kString;
  const bool b_text = b->type().id() == TypeId::kString;
  if (op == Arithmetic::kSubtract && (a_text || a->type().is_datetime()) && (b_text || b->type().is_datetime())) {
    const auto typed = [&](const ExprPtr& side, const ExprPtr& other, bool text) {
      return text ? ImplicitCast(side, other->type(), call.settings) : side;
    };
    return Difference(call, typed(a, b, a_text), typed(b, a, b_text), mode);
  }
  if (a->type().is_interval() && (b->type().is_interval() || b->type().id() == TypeId::kNull)) {
    return AddIntervals(call, a, ImplicitCast(b, b->type().is_interval() ? b->type() : a->type(), call.settings), sign,
                        mode);
  }
  const bool adds_text = op == Arithmetic::kAdd && b_text;
  if (a->type().id() == TypeId::kDate && b->type().id() != TypeId::kDate && !adds_text)
    return AddToDate(call, a, b, sign, mode);
  if (a_text && b->type().is_interval()) a = ImplicitCast(a, kTimestamp, call.settings);
  if (IsTimestamp(a->type()) && b->type().is_interval()) return AddToTimestamp(call, a, b, sign, mode);
  if (op == Arithmetic::kAdd && a->type().is_interval() && b_text) {
    return AddToTimestamp(call, ImplicitCast(b, kTimestamp, call.settings), a, 1, mode);
  }
  ThrowTypes(call);
}

}  // namespace quell
