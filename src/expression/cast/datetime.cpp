// Casts of DATE, TIMESTAMP and TIMESTAMP_NTZ among each other, and to and from numbers (seconds since 1970).
#include <cmath>
#include <limits>

#include "base/check.h"
#include "data/format.h"
#include "data/visit_type.h"
#include "expression/cast/cast.h"
#include "expression/cast/error.h"
#include "expression/decimal.h"
#include "expression/functions/datetime.h"

namespace quell {

namespace {

// Microseconds that do not fit are an error without ANSI, too, as in Spark; TRY_CAST makes them NULL.
std::optional<int64_t> FitOrNull(std::optional<int64_t> us, CastMode mode) {
  return mode == CastMode::kTry ? us : RequireFit(us);
}

KernelPtr Among(const Type& from, const Type& to, CastMode mode, const TimeZone& zone) {
  const TypeId target = to.id();
  switch (from.id()) {
    case TypeId::kDate:
      if (target == TypeId::kTimestampNtz) {
        return MakeKernel<int64_t, int32_t>(
            [mode](int32_t days) { return FitOrNull(FitMicros(Int128{days} * kMicrosPerDay), mode); });
      }
      return MakeZonedKernel<int64_t, int32_t>(zone, [mode](ZoneCursor& cursor, int32_t days) {
        return FitOrNull(FitUtc(cursor, Int128{days} * kMicrosPerDay), mode);
      });
    case TypeId::kTimestamp:
      if (target == TypeId::kDate) {
        return MakeSafeZonedKernel<int32_t, int64_t>(
            zone, [](ZoneCursor& cursor, int64_t us) { return static_cast<int32_t>(cursor.LocalAt(us).days); });
      }
      return MakeZonedKernel<int64_t, int64_t>(zone, [mode](ZoneCursor& cursor, int64_t us) {
        return FitOrNull(FitMicros(Int128{us} + cursor.OffsetAt(us)), mode);
      });
    default:
      if (target == TypeId::kDate) {
        return MakeSafeKernel<int32_t, int64_t>(
            [](int64_t us) { return static_cast<int32_t>(FloorDiv(us, kMicrosPerDay)); });
      }
      return MakeZonedKernel<int64_t, int64_t>(
          zone, [mode](ZoneCursor& cursor, int64_t us) { return FitOrNull(FitUtc(cursor, us), mode); });
  }
}

// Whole seconds, rounded down, that must fit the integer.
template <typename Out>
KernelPtr ToIntegral(const Type& from, const Type& to, CastMode mode) {
  return MakeKernel<Out, int64_t>([=](int64_t us) -> std::optional<Out> {
    const int64_t seconds = FloorDiv(us, kMicrosPerSecond);
    const Out narrow = static_cast<Out>(seconds);
    if (narrow == seconds || mode == CastMode::kLegacy) return narrow;
    if (mode == CastMode::kTry) return std::nullopt;
    ThrowCastOverflow(FormatLocalTimestamp(us), from, to);
  });
}

template <typename Out>
KernelPtr ToDecimal(const Type& to, CastMode mode) {
  return MakeKernel<Out, int64_t>([=](int64_t us) -> std::optional<Out> {
    const auto value = Rescale(us, 6, to.scale());
    if (value && FitsPrecision(*value, to.precision())) return static_cast<Out>(*value);
    if (mode != CastMode::kAnsi) return std::nullopt;
    ThrowOutOfRange(FormatDecimal(us, 6), to);
  });
}

KernelPtr TimestampToNumber(const Type& from, const Type& to, CastMode mode) {
  switch (to.id()) {
    case TypeId::kBoolean: return MakeSafeKernel<bool, int64_t>([](int64_t us) { return us != 0; });
    case TypeId::kByte: return ToIntegral<int8_t>(from, to, mode);
    case TypeId::kShort: return ToIntegral<int16_t>(from, to, mode);
    case TypeId::kInt: return ToIntegral<int32_t>(from, to, mode);
    case TypeId::kLong: return ToIntegral<int64_t>(from, to, mode);
    case TypeId::kFloat:
      return MakeSafeKernel<float, int64_t>(
          [](int64_t us) { return static_cast<float>(static_cast<double>(us) / 1e6); });
    case TypeId::kDouble:
      return MakeSafeKernel<double, int64_t>([](int64_t us) { return static_cast<double>(us) / 1e6; });
    default: return to.is_short_decimal() ? ToDecimal<int64_t>(to, mode) : ToDecimal<Int128>(to, mode);
  }
}

// Seconds as microseconds. Without ANSI what lies beyond the range becomes its end, and NaN and infinities NULL.
std::optional<int64_t> SecondsToMicros(double seconds, const Type& to, CastMode mode) {
  static const Type kDouble(TypeId::kDouble);
  constexpr double kEnd = 0x1p63;
  if (!std::isfinite(seconds)) {
    if (mode == CastMode::kAnsi) ThrowInvalidInput(FormatDouble(seconds), kDouble, to);
    return std::nullopt;
  }
  const double us = seconds * 1e6;
  if (std::abs(us) > kEnd && mode != CastMode::kLegacy) {
    if (mode == CastMode::kAnsi) ThrowCastOverflow(FormatDouble(seconds), kDouble, to);
    return std::nullopt;
  }
  if (us >= kEnd) return std::numeric_limits<int64_t>::max();
  if (us <= -kEnd) return std::numeric_limits<int64_t>::min();
  return static_cast<int64_t>(us);
}

KernelPtr NumberToTimestamp(const Type& from, const Type& to, CastMode mode) {
  return VisitFixedWidth(
      from,
      [&](auto tag) -> KernelPtr {
        using In = typename decltype(tag)::Native;
        if constexpr (std::is_floating_point_v<In>) {
          return MakeKernel<int64_t, In>(
              [=](In seconds) { return SecondsToMicros(static_cast<double>(seconds), to, mode); });
        } else if constexpr (decltype(tag)::id == TypeId::kDecimal) {
          // Of seconds beyond the range the low 64 bits are left, as in Spark with and without ANSI.
          if (from.scale() > 6) {
            return MakeSafeKernel<int64_t, In>(
                [divisor = PowerOfTen(from.scale() - 6)](In value) { return static_cast<int64_t>(value / divisor); });
          }
          return MakeSafeKernel<int64_t, In>([factor = static_cast<uint64_t>(PowerOfTen(6 - from.scale()))](In value) {
            return static_cast<int64_t>(static_cast<uint64_t>(value) * factor);
          });
        } else if constexpr (decltype(tag)::id == TypeId::kBoolean) {
          return MakeSafeKernel<int64_t, bool>([](bool value) { return int64_t{value}; });
        } else {
          // Seconds beyond the range become its end, as in Java's TimeUnit.
          return MakeSafeKernel<int64_t, In>([](In seconds) {
            int64_t us;
            if (!__builtin_mul_overflow(static_cast<int64_t>(seconds), kMicrosPerSecond, &us)) return us;
            return seconds < 0 ? std::numeric_limits<int64_t>::min() : std::numeric_limits<int64_t>::max();
          });
        }
      },
      []() -> KernelPtr { QUELL_CHECK(false); });
}

// Without ANSI, a date as a number is NULL.
KernelPtr AllNull() {
  ScalarKernel kernel;
  kernel.compute = [](std::span<const Column>, const Rows&, const Type& result) {
    return MakeConstant(result, Value{});
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

}  // namespace

KernelPtr CastDatetime(const Type& from, const Type& to, CastMode mode, const std::string& time_zone) {
  if (from.is_datetime() && to.is_datetime()) return Among(from, to, mode, TimeZone::Find(time_zone));
  if (from.id() == TypeId::kDate) return AllNull();
  return from.is_datetime() ? TimestampToNumber(from, to, mode) : NumberToTimestamp(from, to, mode);
}

}  // namespace quell
