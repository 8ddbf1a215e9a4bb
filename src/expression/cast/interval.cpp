// Casts of intervals among each other, and to and from numbers of their last unit.
#include <limits>

#include "base/check.h"
#include "data/civil.h"
#include "data/format.h"
#include "data/visit_type.h"
#include "expression/cast/cast.h"
#include "expression/cast/error.h"
#include "expression/decimal.h"
#include "expression/functions/kernel.h"

namespace quell {

namespace {

// Months or microseconds of the last unit of an interval.
int64_t UnitOf(const Type& type) {
  static constexpr int64_t kDayTime[] = {kMicrosPerDay, kMicrosPerHour, kMicrosPerMinute, kMicrosPerSecond};
  if (type.id() == TypeId::kYearMonthInterval) return type.end_unit() == 0 ? 12 : 1;
  return kDayTime[type.end_unit()];
}

// What is smaller than the last unit is cut off.
template <typename T>
KernelPtr Among(const Type& to) {
  const int64_t unit = to.id() == TypeId::kDayTimeInterval && to.end_unit() == 3 ? 1 : UnitOf(to);
  return MakeSafeKernel<T, T>([unit](T value) { return static_cast<T>(value - value % unit); });
}

template <typename Out, typename In>
KernelPtr ToNumber(const Type& from, const Type& to, CastMode mode) {
  const int64_t unit = UnitOf(from);
  return MakeKernel<Out, In>([=](In value) -> std::optional<Out> {
    if (to.id() == TypeId::kDecimal) {
      const bool has_fraction = from.id() == TypeId::kDayTimeInterval && from.end_unit() == 3;
      const auto scaled = has_fraction ? Rescale(value, 6, to.scale()) : Rescale(value / unit, 0, to.scale());
      if (scaled && FitsPrecision(*scaled, to.precision())) return static_cast<Out>(*scaled);
      if (mode != CastMode::kAnsi) return std::nullopt;
      ThrowOutOfRange(FormatInterval(value, from), to);
    }
    const int64_t count = value / unit;
    if (static_cast<Out>(count) == count) return static_cast<Out>(count);
    if (mode == CastMode::kTry) return std::nullopt;
    ThrowCastOverflow(FormatInterval(value, from), from, to);
  });
}

template <typename Out, typename In>
KernelPtr FromNumber(const Type& from, const Type& to, CastMode mode) {
  const int64_t unit = UnitOf(to);
  return MakeKernel<Out, In>([=](In value) -> std::optional<Out> {
    Int128 scaled;
    const bool overflow = __builtin_mul_overflow(static_cast<Int128>(value), Int128{unit}, &scaled);
    if (from.scale() > 0) scaled = DivideHalfUp(scaled, PowerOfTen(from.scale()));
    if (!overflow && scaled == static_cast<Out>(scaled)) return static_cast<Out>(scaled);
    if (mode == CastMode::kTry) return std::nullopt;
    ThrowCastOverflow(FormatDecimal(value, from.scale()), from, to);
  });
}

}  // namespace

KernelPtr CastInterval(const Type& from, const Type& to, CastMode mode) {
  const auto none = []() -> KernelPtr { QUELL_CHECK(false); };
  const bool months = (from.is_interval() ? from : to).id() == TypeId::kYearMonthInterval;
  if (from.is_interval() && to.is_interval()) return months ? Among<int32_t>(to) : Among<int64_t>(to);
  return VisitFixedWidth(
      from.is_interval() ? to : from,
      [&](auto tag) -> KernelPtr {
        using Number = typename decltype(tag)::Native;
        if constexpr (std::is_floating_point_v<Number> || std::is_same_v<Number, bool>) {
          QUELL_CHECK(false);
        } else if (from.is_interval()) {
          return months ? ToNumber<Number, int32_t>(from, to, mode) : ToNumber<Number, int64_t>(from, to, mode);
        } else {
          return months ? FromNumber<int32_t, Number>(from, to, mode) : FromNumber<int64_t, Number>(from, to, mode);
        }
      },
      none);
}

}  // namespace quell
