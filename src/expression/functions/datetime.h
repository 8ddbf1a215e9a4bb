// What the files of date and time functions share.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "data/civil.h"
#include "data/time_zone.h"
#include "expression/functions/binding.h"

namespace quell {

// The zone in which values of a type are local times: the session's for TIMESTAMP, UTC for TIMESTAMP_NTZ.
inline const TimeZone& ZoneOf(const Type& type, const ExpressionSettings& settings) {
  return TimeZone::Find(type.id() == TypeId::kTimestamp ? settings.time_zone : "UTC");
}

// A kernel whose every loop has a state of its own, as make_state() gives it: f(state, In...).
template <typename Out, typename... In, typename MakeState, typename F>
KernelPtr MakeLoopKernel(MakeState make_state, F f, std::string variant = {}) {
  ScalarKernel kernel;
  kernel.variant = std::move(variant);
  kernel.compute = [make_state, f](std::span<const Column> arguments, const Rows& rows, const Type& result) {
    auto state = make_state();
    return MapRows<Out, In...>(arguments, rows, result, [&](In... in) { return f(state, in...); });
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

// A kernel whose loop has a cursor over `zone`: f(cursor, In...).
template <typename Out, typename... In, typename F>
KernelPtr MakeZonedKernel(const TimeZone& zone, F f, const std::string& variant = {}) {
  return MakeLoopKernel<Out, In...>([zone = &zone] { return ZoneCursor(*zone); }, std::move(f), zone.name() + variant);
}

// As MakeZonedKernel, for an `f` that no value can upset: NULL rows are computed, too, which keeps the loop dense.
template <typename Out, typename... In, typename F>
KernelPtr MakeSafeZonedKernel(const TimeZone& zone, F f) {
  ScalarKernel kernel = *MakeZonedKernel<Out, In...>(zone, std::move(f));
  kernel.skips_nulls = false;
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

// The zone named last, per loop.
class ZoneCache {
 public:
  // Throws INVALID_TIMEZONE. Valid until the next call.
  ZoneCursor& Get(std::string_view name) {
    if (!cursor_ || name != name_) {
      cursor_.emplace(TimeZone::Find(name));
      name_ = name;
    }
    return *cursor_;
  }

 private:
  std::string name_;
  std::optional<ZoneCursor> cursor_;
};

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

// ARITHMETIC_OVERFLOW. Not inline, so that the loops stay small.
[[noreturn]] void ThrowDateOverflow(int64_t days);
[[noreturn]] void ThrowTimestampOverflow();

// Days that DATE can hold; nullopt for others.
inline std::optional<int32_t> FitDays(int64_t days) {
  if (days != static_cast<int32_t>(days)) [[unlikely]]
    return std::nullopt;
  return static_cast<int32_t>(days);
}

// The same, but an error for what does not fit.
inline int32_t CheckedDays(int64_t days) {
  if (const auto fit = FitDays(days)) [[likely]]
    return *fit;
  ThrowDateOverflow(days);
}

// The value of a timestamp that fits, or an error.
inline int64_t RequireFit(std::optional<int64_t> us) {
  if (us) [[likely]]
    return *us;
  ThrowTimestampOverflow();
}
inline int64_t CheckedMicros(Int128 us) { return RequireFit(FitMicros(us)); }
inline int64_t CheckedLocal(ZoneCursor& zone, int64_t utc_us) {
  return CheckedMicros(Int128{utc_us} + zone.OffsetAt(utc_us));
}
template <typename Zone>
int64_t CheckedUtc(Zone& zone, Int128 local_us) {
  return RequireFit(FitUtc(zone, local_us));
}

}  // namespace quell
