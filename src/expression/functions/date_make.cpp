// Dates and times from numbers and back: make_date, make_timestamp, timestamp_seconds, unix_date, from_utc_timestamp,
// timestampadd, timestampdiff, make_dt_interval, make_ym_interval.
#include <algorithm>
#include <cstdlib>

#include "data/format.h"
#include "data/schema.h"
#include "expression/decimal.h"
#include "expression/functions/arithmetic.h"
#include "expression/functions/datetime.h"
#include "expression/functions/functions.h"

namespace quell {

namespace {

constexpr ErrorClass kDatetimeOverflow{"DATETIME_OVERFLOW", "22008"};
constexpr ErrorClass kFieldOutOfBounds{"DATETIME_FIELD_OUT_OF_BOUNDS.WITH_SUGGESTION", "22023"};
constexpr ErrorClass kInvalidFraction{"INVALID_FRACTION_OF_SECOND", "22023"};
constexpr ErrorClass kInvalidUnit{"INVALID_PARAMETER_VALUE.DATETIME_UNIT", "22023"};

const Type kDate(TypeId::kDate);
const Type kInt(TypeId::kInt);
const Type kLong(TypeId::kLong);
const Type kTimestamp(TypeId::kTimestamp);
const Type kSecondsType = Type::Decimal(16, 6);

// Days of a date that must exist; nullopt or an error.
std::optional<int64_t> DaysOf(int32_t year, int32_t month, int32_t day, bool raises) {
  const bool valid = month >= 1 && month <= 12 && day >= 1 && day <= DaysInMonth(year, std::clamp(month, 1, 12));
  if (valid) return DaysFromCivil(year, month, day);
  if (!raises) return std::nullopt;
  throw Error(kFieldOutOfBounds, "there is no day {}-{}-{}; use the try_ form to get NULL", year, month, day);
}

ExprPtr BindMakeDate(const FunctionCall& call) {
  CheckArity(call, 3, 3);
  KernelPtr kernel = MakeKernel<int32_t, int32_t, int32_t, int32_t>(
      [raises = call.settings.ansi](int32_t year, int32_t month, int32_t day) -> std::optional<int32_t> {
        const auto days = DaysOf(year, month, day, raises);
        if (!days) return std::nullopt;
        return CheckedDays(*days);
      });
  return MakeCall(call, kDate, {Argument(call, 0, kInt), Argument(call, 1, kInt), Argument(call, 2, kInt)},
                  std::move(kernel), !call.settings.ansi);
}

// make_timestamp(year, month, day, hour, minute, seconds[, zone]); 60 seconds are the next minute.
FunctionBinder BindMakeTimestamp(TypeId type, bool is_try) {
  return [=](const FunctionCall& call) {
    CheckArity(call, 6, type == TypeId::kTimestampNtz ? 6 : 7);
    const bool raises = call.settings.ansi && !is_try;
    ExprList arguments;
    for (size_t i = 0; i < 5; ++i) arguments.push_back(Argument(call, i, kInt));
    arguments.push_back(Argument(call, 5, kSecondsType));
    const bool has_zone = call.arguments.size() == 7;
    arguments.push_back(has_zone ? Argument(call, 6, Type(TypeId::kString))
                                 : MakeLiteral(Value{std::string()}, TypeId::kString));
    struct Zones {
      ZoneCursor session;
      ZoneCache named;
    };
    const TimeZone& session = ZoneOf(Type(type), call.settings);
    KernelPtr kernel = MakeLoopKernel<int64_t, int32_t, int32_t, int32_t, int32_t, int32_t, int64_t, std::string_view>(
        [session = &session] { return Zones{ZoneCursor(*session), {}}; },
        [=](Zones& zones, int32_t year, int32_t month, int32_t day, int32_t hour, int32_t minute, int64_t micros,
            std::string_view zone) -> std::optional<int64_t> {
          const auto days = DaysOf(year, month, day, raises);
          if (!days) return std::nullopt;
          const bool valid =
              hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && micros >= 0 && micros <= kMicrosPerMinute;
          if (!valid) {
            if (!raises) return std::nullopt;
            if (micros > kMicrosPerMinute && micros < kMicrosPerMinute + kMicrosPerSecond) {
              throw Error(kInvalidFraction,
                          "the 60th second of a minute has no fraction; use the try_ form to get NULL");
            }
            throw Error(kFieldOutOfBounds, "there is no time {}:{}:{}; use the try_ form to get NULL", hour, minute,
                        FormatDecimal(micros, 6));
          }
          const Int128 local =
              Int128{*days} * kMicrosPerDay + hour * kMicrosPerHour + minute * kMicrosPerMinute + micros;
          return CheckedUtc(zone.empty() ? zones.session : zones.named.Get(zone), local);
        },
        session.name() + (raises ? "!" : "?"));
    return MakeCall(call, Type(type), std::move(arguments), std::move(kernel), !raises);
  };
}

// Seconds as microseconds, of which no digit may be lost.
template <typename In>
KernelPtr DecimalSeconds(int32_t scale) {
  return MakeKernel<int64_t, In>([scale, factor = PowerOfTen(std::abs(scale - 6))](In seconds) {
    Int128 us = seconds;
    if (scale > 6) {
      if (us % factor == 0) return CheckedMicros(us / factor);
      throw Error(error_class::kArithmeticOverflow, "{} seconds have digits below a microsecond",
                  FormatDecimal(seconds, scale));
    }
    if (!__builtin_mul_overflow(us, factor, &us)) return CheckedMicros(us);
    throw Error(error_class::kArithmeticOverflow, "{} seconds are out of the range of a timestamp",
                FormatDecimal(seconds, scale));
  });
}

FunctionBinder FromCount(int64_t unit_us) {
  const KernelPtr kernel = MakeKernel<int64_t, int64_t>([unit_us](int64_t count) {
    int64_t us;
    if (!__builtin_mul_overflow(count, unit_us, &us)) return us;
    throw Error(error_class::kArithmeticOverflow, "long overflow");
  });
  return [=](const FunctionCall& call) -> ExprPtr {
    CheckArity(call, 1, 1);
    const Type& type = call.arguments[0]->type();
    if (!type.is_numeric() && type.id() != TypeId::kNull) ThrowMismatch(call, 0, "NUMERIC");
    if (unit_us == kMicrosPerSecond && type.id() == TypeId::kDecimal) {
      return MakeCall(
          call, kTimestamp, {call.arguments[0]},
          type.is_short_decimal() ? DecimalSeconds<int64_t>(type.scale()) : DecimalSeconds<Int128>(type.scale()));
    }
    if (unit_us == kMicrosPerSecond && !type.is_integral()) {
      // With ANSI, too, a FLOAT or DOUBLE beyond the range becomes its end.
      return std::make_shared<Cast>(call.arguments[0], kTimestamp, CastMode::kLegacy, call.settings.time_zone);
    }
    return MakeCall(call, kTimestamp, {Argument(call, 0, kLong)}, kernel);
  };
}

FunctionBinder ToCount(int64_t unit_us) {
  return Simple({kTimestamp}, kLong,
                MakeSafeKernel<int64_t, int64_t>([unit_us](int64_t us) { return FloorDiv(us, unit_us); }));
}

// from_utc_timestamp: the same wall clock elsewhere.
FunctionBinder BindShiftZone(bool to_utc) {
  const KernelPtr kernel = MakeLoopKernel<int64_t, int64_t, std::string_view>(
      [] { return ZoneCache(); },
      [to_utc](ZoneCache& zones, int64_t us, std::string_view name) {
        ZoneCursor& zone = zones.Get(name);
        return to_utc ? CheckedUtc(zone, us) : CheckedLocal(zone, us);
      });
  return Simple({kTimestamp, Type(TypeId::kString)}, kTimestamp, kernel);
}

// convert_timezone([from,] to, wall clock).
ExprPtr BindConvertTimezone(const FunctionCall& call) {
  struct Zones {
    ZoneCache from;
    ZoneCache to;
  };
  static const KernelPtr kKernel = MakeLoopKernel<int64_t, std::string_view, std::string_view, int64_t>(
      [] { return Zones(); },
      [](Zones& zones, std::string_view from, std::string_view to, int64_t local_us) {
        return CheckedLocal(zones.to.Get(to), CheckedUtc(zones.from.Get(from), local_us));
      });
  CheckArity(call, 2, 3);
  const bool has_from = call.arguments.size() == 3;
  const Type text(TypeId::kString);
  const Type wall_clock(TypeId::kTimestampNtz);
  ExprPtr from = has_from ? Argument(call, 0, text) : MakeLiteral(Value{call.settings.time_zone}, TypeId::kString);
  return MakeCall(call, wall_clock,
                  {from, Argument(call, has_from ? 1 : 0, text), Argument(call, has_from ? 2 : 1, wall_clock)},
                  kKernel);
}

struct Unit {
  const char* name;
  int64_t months;
  int64_t micros;
};
constexpr Unit kUnits[] = {
    {"MICROSECOND", 0, 1},
    {"MILLISECOND", 0, 1000},
    {"SECOND", 0, kMicrosPerSecond},
    {"MINUTE", 0, kMicrosPerMinute},
    {"HOUR", 0, kMicrosPerHour},
    {"DAY", 0, kMicrosPerDay},
    {"DAYOFYEAR", 0, kMicrosPerDay},
    {"WEEK", 0, 7 * kMicrosPerDay},
    {"MONTH", 1, 0},
    {"QUARTER", 3, 0},
    {"YEAR", 12, 0},
};

const Unit& UnitArgument(const FunctionCall& call) {
  const std::optional<Value> value = ConstantArgument(call, 0);
  const auto* text = value ? std::get_if<std::string>(&value->data) : nullptr;
  for (const Unit& unit : kUnits) {
    if (text && SameName(unit.name, *text)) return unit;
  }
  throw Error(kInvalidUnit, call.location, "'{}' is no unit of {}", text ? *text : ToString(*call.arguments[0]),
              call.name);
}

// Days, weeks and months move the local clock; shorter units the instant.
std::optional<int64_t> Advance(ZoneCursor& zone, const Unit& unit, int64_t count, int64_t us) {
  const Int128 micros = Int128{count} * unit.micros;
  if (unit.months == 0 && unit.micros < kMicrosPerDay) return FitMicros(us + micros);
  LocalTime wall = zone.LocalAt(us);
  if (unit.months == 0) return FitUtc(zone, MicrosOf(wall) + micros);
  // More months than all timestamps span would leave the range of days, too.
  constexpr int64_t kManyMonths = 12'000'000;
  const auto months = static_cast<int64_t>(std::clamp<Int128>(Int128{count} * unit.months, -kManyMonths, kManyMonths));
  wall.days = AddMonths(wall.days, months);
  return FitUtc(zone, MicrosOf(wall));
}

ExprPtr BindTimestampAdd(const FunctionCall& call) {
  CheckArity(call, 3, 3);
  const Unit& unit = UnitArgument(call);
  ExprPtr time = TimestampArgument(call, 2);
  if (time->type().id() == TypeId::kDate) time = Argument(call, 2, kTimestamp);
  const Type type = time->type();
  KernelPtr kernel = MakeZonedKernel<int64_t, int64_t, int64_t>(
      ZoneOf(type, call.settings),
      [unit](ZoneCursor& zone, int64_t count, int64_t us) {
        if (const auto sum = Advance(zone, unit, count, us)) return *sum;
        throw Error(kDatetimeOverflow, "{} {} more than the timestamp {} is out of the range of its microseconds",
                    count, unit.name, FormatLocalTime(zone.LocalAt(us)));
      },
      unit.name);
  return MakeCall(call, type, {Argument(call, 1, kLong), std::move(time)}, std::move(kernel));
}

// Whole months from a to b, of local clocks.
int64_t MonthsFrom(const LocalTime& a, const LocalTime& b) {
  if (b < a) return -MonthsFrom(b, a);
  const Civil x = CivilFromDays(a.days);
  const Civil y = CivilFromDays(b.days);
  const int64_t months = (static_cast<int64_t>(y.year) - x.year) * 12 + (y.month - x.month);
  const bool short_of = std::pair(y.day, b.time_us) < std::pair(x.day, a.time_us);
  return months - (short_of ? 1 : 0);
}

// `to` - `from` in whole units.
int64_t CountBetween(Int128 from, Int128 to, int64_t unit_us) {
  if (const auto count = FitMicros((to - from) / unit_us)) return *count;
  throw Error(error_class::kArithmeticOverflow, "the difference of two timestamps is more than a BIGINT holds");
}

ExprPtr BindTimestampDiff(const FunctionCall& call) {
  CheckArity(call, 3, 3);
  const Unit& unit = UnitArgument(call);
  const bool local = unit.months > 0 || unit.micros >= kMicrosPerDay;
  KernelPtr kernel = MakeZonedKernel<int64_t, int64_t, int64_t>(
      ZoneOf(kTimestamp, call.settings),
      [unit, local](ZoneCursor& zone, int64_t from, int64_t to) {
        if (!local) return CountBetween(from, to, unit.micros);
        const LocalTime a = zone.LocalAt(from);
        const LocalTime b = zone.LocalAt(to);
        if (unit.months == 0) return CountBetween(MicrosOf(a), MicrosOf(b), unit.micros);
        return MonthsFrom(a, b) / unit.months;
      },
      unit.name);
  return MakeCall(call, kLong, {Argument(call, 1, kTimestamp), Argument(call, 2, kTimestamp)}, std::move(kernel));
}

// make_dt_interval([days[, hours[, minutes[, seconds]]]]).
ExprPtr BindMakeDayTime(const FunctionCall& call) {
  static const KernelPtr kKernel = MakeKernel<int64_t, int32_t, int32_t, int32_t, int64_t>(
      [](int32_t days, int32_t hours, int32_t minutes, int64_t micros) {
        const Int128 total =
            Int128{days} * kMicrosPerDay + Int128{hours} * kMicrosPerHour + Int128{minutes} * kMicrosPerMinute + micros;
        if (total != static_cast<int64_t>(total))
          throw Error(kIntervalOverflowWithoutSuggestion, "an interval overflows");
        return static_cast<int64_t>(total);
      });
  CheckArity(call, 0, 4);
  ExprList arguments;
  for (size_t i = 0; i < 4; ++i) {
    const Type type = i == 3 ? Type::Decimal(18, 6) : kInt;
    arguments.push_back(i < call.arguments.size() ? Argument(call, i, type)
                        : i == 3                  ? std::make_shared<Literal>(type, Value{Int128{0}})
                                                  : MakeLiteral(Value{int64_t{0}}, TypeId::kInt));
  }
  return MakeCall(call, Type::DayTimeInterval(), std::move(arguments), kKernel);
}

ExprPtr BindMakeYearMonth(const FunctionCall& call) {
  static const KernelPtr kKernel = MakeKernel<int32_t, int32_t, int32_t>([](int32_t years, int32_t months) {
    const int64_t total = int64_t{years} * 12 + months;
    if (total != static_cast<int32_t>(total)) throw Error(kIntervalOverflowWithoutSuggestion, "an interval overflows");
    return static_cast<int32_t>(total);
  });
  CheckArity(call, 0, 2);
  ExprList arguments;
  for (size_t i = 0; i < 2; ++i) {
    arguments.push_back(i < call.arguments.size() ? Argument(call, i, kInt)
                                                  : MakeLiteral(Value{int64_t{0}}, TypeId::kInt));
  }
  return MakeCall(call, Type::YearMonthInterval(), std::move(arguments), kKernel);
}

}  // namespace

void RegisterDateMake(FunctionRegistry& registry) {
  registry.Add("make_date", BindMakeDate);
  registry.Add("make_timestamp", ByTimestampType(BindMakeTimestamp(TypeId::kTimestamp, false),
                                                 BindMakeTimestamp(TypeId::kTimestampNtz, false)));
  registry.Add("try_make_timestamp", ByTimestampType(BindMakeTimestamp(TypeId::kTimestamp, true),
                                                     BindMakeTimestamp(TypeId::kTimestampNtz, true)));
  registry.Add("make_timestamp_ltz", BindMakeTimestamp(TypeId::kTimestamp, false));
  registry.Add("try_make_timestamp_ltz", BindMakeTimestamp(TypeId::kTimestamp, true));
  registry.Add("make_timestamp_ntz", BindMakeTimestamp(TypeId::kTimestampNtz, false));
  registry.Add("try_make_timestamp_ntz", BindMakeTimestamp(TypeId::kTimestampNtz, true));
  registry.Add("timestamp_seconds", FromCount(kMicrosPerSecond));
  registry.Add("timestamp_millis", FromCount(1000));
  registry.Add("timestamp_micros", FromCount(1));
  registry.Add("unix_seconds", ToCount(kMicrosPerSecond));
  registry.Add("unix_millis", ToCount(1000));
  registry.Add("unix_micros", ToCount(1));
  registry.Add("unix_date", Simple({kDate}, kInt, MakeSafeKernel<int32_t, int32_t>([](int32_t days) { return days; })));
  registry.Add("date_from_unix_date",
               Simple({kInt}, kDate, MakeSafeKernel<int32_t, int32_t>([](int32_t days) { return days; })));
  registry.Add("from_utc_timestamp", BindShiftZone(false));
  registry.Add("to_utc_timestamp", BindShiftZone(true));
  registry.Add("convert_timezone", BindConvertTimezone);
  registry.Add("timestampadd", BindTimestampAdd);
  registry.Add("timestampdiff", BindTimestampDiff);
  registry.Add("make_dt_interval", BindMakeDayTime);
  registry.Add("make_ym_interval", BindMakeYearMonth);
}

}  // namespace quell
