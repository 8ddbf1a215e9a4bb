// What the files of date and time functions share.
#pragma once

#include <limits>
#include <memory>
#include <string>

#include "data/civil.h"
#include "data/time_zone.h"
#include "expression/functions/binding.h"

namespace quell {

// The zone in which values of a type are local times: the session's for TIMESTAMP, UTC for TIMESTAMP_NTZ.
inline const TimeZone& ZoneOf(const Type& type, const ExpressionSettings& settings) {
  return TimeZone::Find(type.id() == TypeId::kTimestamp ? settings.time_zone : "UTC");
}

// A kernel of a TIMESTAMP[_NTZ] and other arguments, whose loop has a ZoneCursor of its own: f(cursor, us, In...).
template <typename Out, typename... In, typename F>
KernelPtr MakeZonedKernel(const TimeZone& zone, F f, std::string variant = {}) {
  ScalarKernel kernel;
  kernel.variant = zone.name() + variant;
  kernel.compute = [zone = &zone, f](std::span<const Column> arguments, const Rows& rows, const Type& result) {
    ZoneCursor cursor(*zone);
    if constexpr (std::is_same_v<Out, std::string_view>) {
      return MapRows<Out, In...>(arguments, rows, result, [&](auto... in) { return f(cursor, in...); });
    } else {
      return MapRows<Out, In...>(arguments, rows, result, [&](In... in) { return f(cursor, in...); });
    }
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

// Units of time by their names and abbreviations; kNone for a name that is not one.
enum class DatetimeUnit : uint8_t {
  kNone,
  kMicrosecond,
  kMillisecond,
  kSecond,
  kMinute,
  kHour,
  kDay,
  kWeek,
  kMonth,
  kQuarter,
  kYear,
};

// The first day of the week, month, quarter or year of a day.
int64_t TruncateDay(int64_t days, DatetimeUnit unit);
// The day `months` later, or the last one of a shorter month.
int64_t AddMonths(int64_t days, int64_t months);

// Days that fit DATE; throws ARITHMETIC_OVERFLOW.
inline int32_t CheckedDays(int64_t days) {
  if (days == static_cast<int32_t>(days)) [[likely]]
    return static_cast<int32_t>(days);
  throw Error(error_class::kArithmeticOverflow, "a date of {} days since 1970 is out of range", days);
}

// Microseconds that fit TIMESTAMP; throws ARITHMETIC_OVERFLOW.
inline int64_t CheckedMicros(Int128 us) {
  if (us == static_cast<int64_t>(us)) [[likely]]
    return static_cast<int64_t>(us);
  throw Error(error_class::kArithmeticOverflow, "a timestamp is out of the range of its microseconds");
}

// Between an instant and the clock of a zone; throw ARITHMETIC_OVERFLOW.
inline int64_t CheckedLocal(ZoneCursor& zone, int64_t utc_us) {
  return CheckedMicros(Int128{utc_us} + zone.OffsetAt(utc_us));
}
inline int64_t CheckedUtc(ZoneCursor& zone, Int128 local_us) {
  const int64_t local = CheckedMicros(local_us);
  return CheckedMicros(Int128{local} - zone.OffsetAtLocal(local));
}

}  // namespace quell
