// Days since 1970-01-01 and the proleptic Gregorian calendar, each as the other.
// Formulas: https://howardhinnant.github.io/date_algorithms.html.
#pragma once

#include <compare>
#include <cstdint>

namespace quell {

inline constexpr int64_t kMicrosPerSecond = 1'000'000;
inline constexpr int64_t kMicrosPerMinute = 60 * kMicrosPerSecond;
inline constexpr int64_t kMicrosPerHour = 60 * kMicrosPerMinute;
inline constexpr int64_t kMicrosPerDay = 24 * kMicrosPerHour;

struct Civil {
  int32_t year;
  int32_t month;  // 1..12
  int32_t day;    // 1..31
};

// What a clock shows: a day and a time of it. Its days reach beyond the range of a timestamp's microseconds, as the
// clock of a zone does at both ends of that range.
struct LocalTime {
  int64_t days;     // since 1970-01-01
  int64_t time_us;  // since midnight

  constexpr auto operator<=>(const LocalTime&) const = default;
};

constexpr int64_t FloorDiv(int64_t a, int64_t b) { return a / b - ((a % b != 0) & ((a < 0) != (b < 0))); }
constexpr int64_t FloorMod(int64_t a, int64_t b) {
  const int64_t remainder = a % b;
  return remainder + (remainder != 0 && (a < 0) != (b < 0) ? b : 0);
}

// LocalTimeAt where the sum of its arguments overflows: a day nearer to 1970 it fits. Not inline, which keeps the loops
// small.
[[gnu::noinline, gnu::cold]] inline LocalTime LocalTimeBeyond(int64_t utc_us, int64_t offset_us) {
  const int64_t days = utc_us > 0 ? 1 : -1;
  const int64_t local_us = utc_us - days * kMicrosPerDay + offset_us;
  return {FloorDiv(local_us, kMicrosPerDay) + days, FloorMod(local_us, kMicrosPerDay)};
}

// The clock of an offset from UTC of less than a day.
inline LocalTime LocalTimeAt(int64_t utc_us, int64_t offset_us) {
  int64_t local_us;
  if (__builtin_add_overflow(utc_us, offset_us, &local_us)) [[unlikely]]
    return LocalTimeBeyond(utc_us, offset_us);
  return {FloorDiv(local_us, kMicrosPerDay), FloorMod(local_us, kMicrosPerDay)};
}

constexpr bool IsLeapYear(int64_t year) { return (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0); }

constexpr int32_t DaysInMonth(int64_t year, int32_t month) {
  constexpr int8_t kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && IsLeapYear(year) ? 29 : kDays[month - 1];
}

constexpr int64_t DaysFromCivil(int64_t year, int32_t month, int32_t day) {
  const int64_t y = month <= 2 ? year - 1 : year;
  const int64_t era = (y >= 0 ? y : y - 399) / 400;
  const int64_t year_of_era = y - era * 400;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

constexpr Civil CivilFromDays(int64_t days) {
  const int64_t shifted = days + 719468;
  const int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  const auto day_of_era = static_cast<uint32_t>(shifted - era * 146097);
  const uint32_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const uint32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const uint32_t month_index = (5 * day_of_year + 2) / 153;
  const auto day = static_cast<int32_t>(day_of_year - (153 * month_index + 2) / 5 + 1);
  const auto month = static_cast<int32_t>(month_index < 10 ? month_index + 3 : month_index - 9);
  const int64_t year = static_cast<int64_t>(year_of_era) + era * 400 + (month <= 2 ? 1 : 0);
  return {static_cast<int32_t>(year), month, day};
}

// 1 for Monday to 7 for Sunday.
constexpr int32_t IsoDayOfWeek(int64_t days) { return static_cast<int32_t>(FloorMod(days + 3, 7)) + 1; }

}  // namespace quell
