// year, month, hour ..., extract, date_part.
#include <array>

#include "data/schema.h"
#include "expression/functions/datetime.h"
#include "expression/functions/functions.h"

namespace quell {

namespace {

const Type kInt(TypeId::kInt);
const Type kSeconds = Type::Decimal(8, 6);

// The calendar of a day, remembered until another day is asked for.
class Calendar {
 public:
  const Civil& At(int64_t days) {
    if (days != days_) [[unlikely]] {
      days_ = days;
      civil_ = CivilFromDays(days);
    }
    return civil_;
  }

 private:
  int64_t days_ = 0;
  Civil civil_ = CivilFromDays(0);
};

// The ISO year and week of a day.
struct IsoWeek {
  int64_t year;
  int32_t week;
};
IsoWeek IsoWeekOf(int64_t days) {
  // The week belongs to the year of its Thursday.
  const int64_t thursday = days - IsoDayOfWeek(days) + 4;
  const int64_t year = CivilFromDays(thursday).year;
  return {year, static_cast<int32_t>((thursday - DaysFromCivil(year, 1, 1)) / 7) + 1};
}

enum class Field : uint8_t {
  kYear,
  kYearOfWeek,
  kQuarter,
  kMonth,
  kWeek,
  kDay,
  kDayOfWeek,     // 1 for Sunday
  kIsoDayOfWeek,  // 1 for Monday
  kWeekday,       // 0 for Monday
  kDayOfYear,
  kHour,
  kMinute,
  kSecond,
  kSecondWithFraction,
};

int32_t DayField(Calendar& calendar, int64_t days, Field field) {
  switch (field) {
    case Field::kYear: return calendar.At(days).year;
    case Field::kYearOfWeek: return static_cast<int32_t>(IsoWeekOf(days).year);
    case Field::kQuarter: return (calendar.At(days).month - 1) / 3 + 1;
    case Field::kMonth: return calendar.At(days).month;
    case Field::kWeek: return IsoWeekOf(days).week;
    case Field::kDay: return calendar.At(days).day;
    case Field::kDayOfWeek: return IsoDayOfWeek(days) % 7 + 1;
    case Field::kIsoDayOfWeek: return IsoDayOfWeek(days);
    case Field::kWeekday: return IsoDayOfWeek(days) - 1;
    default: return static_cast<int32_t>(days - DaysFromCivil(calendar.At(days).year, 1, 1)) + 1;
  }
}

int32_t TimeField(int64_t time_us, Field field) {
  switch (field) {
    case Field::kHour: return static_cast<int32_t>(time_us / kMicrosPerHour);
    case Field::kMinute: return static_cast<int32_t>(time_us / kMicrosPerMinute % 60);
    default: return static_cast<int32_t>(time_us / kMicrosPerSecond % 60);
  }
}

// Tells apart what extract() makes, whose name and source are the same.
std::string VariantOf(Field field) { return "/" + std::to_string(static_cast<int>(field)); }

KernelPtr DateKernel(Field field) {
  ScalarKernel kernel;
  kernel.skips_nulls = false;
  kernel.variant = VariantOf(field);
  kernel.compute = [field](std::span<const Column> arguments, const Rows& rows, const Type& result) {
    Calendar calendar;
    return MapRows<int32_t, int32_t>(arguments, rows, result,
                                     [&](int32_t days) { return DayField(calendar, days, field); });
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

KernelPtr TimestampKernel(Field field, const TimeZone& zone) {
  ScalarKernel kernel;
  kernel.skips_nulls = false;
  kernel.variant = zone.name() + VariantOf(field);
  kernel.compute = [field, zone = &zone](std::span<const Column> arguments, const Rows& rows, const Type& result) {
    ZoneCursor cursor(*zone);
    Calendar calendar;
    if (field == Field::kSecondWithFraction) {
      return MapRows<int64_t, int64_t>(arguments, rows, result,
                                       [&](int64_t us) { return cursor.LocalAt(us).time_us % kMicrosPerMinute; });
    }
    if (field >= Field::kHour) {
      return MapRows<int32_t, int64_t>(arguments, rows, result,
                                       [&](int64_t us) { return TimeField(cursor.LocalAt(us).time_us, field); });
    }
    return MapRows<int32_t, int64_t>(arguments, rows, result,
                                     [&](int64_t us) { return DayField(calendar, cursor.LocalAt(us).days, field); });
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

// `field` of a date or timestamp; a string is a date for fields of days, else a timestamp.
ExprPtr MakeField(const FunctionCall& call, Field field, size_t index) {
  const bool of_day = field < Field::kHour;
  ExprPtr argument = call.arguments[index];
  if (!argument->type().is_datetime())
    argument = Argument(call, index, Type(of_day ? TypeId::kDate : TypeId::kTimestamp));
  if (argument->type().id() == TypeId::kDate && !of_day) argument = Argument(call, index, Type(TypeId::kTimestamp));
  const Type& type = argument->type();
  KernelPtr kernel =
      type.id() == TypeId::kDate ? DateKernel(field) : TimestampKernel(field, ZoneOf(type, call.settings));
  return MakeCall(call, field == Field::kSecondWithFraction ? kSeconds : kInt, {argument}, std::move(kernel));
}

// A part of an interval: the rest after larger units, with its sign.
ExprPtr MakeIntervalField(const FunctionCall& call, std::string_view name, const ExprPtr& interval) {
  struct Part {
    std::string_view names[5];
    TypeId interval;
    int64_t divisor;
    int64_t modulus;  // 0: of all that is left
    TypeId type;
  };
  static constexpr Part kParts[] = {
      {{"year", "y", "years", "yr", "yrs"}, TypeId::kYearMonthInterval, 12, 0, TypeId::kInt},
      {{"month", "mon", "mons", "months", "month"}, TypeId::kYearMonthInterval, 1, 12, TypeId::kByte},
      {{"day", "d", "days", "day", "day"}, TypeId::kDayTimeInterval, kMicrosPerDay, 0, TypeId::kInt},
      {{"hour", "h", "hours", "hr", "hrs"}, TypeId::kDayTimeInterval, kMicrosPerHour, 24, TypeId::kByte},
      {{"minute", "m", "min", "mins", "minutes"}, TypeId::kDayTimeInterval, kMicrosPerMinute, 60, TypeId::kByte},
      {{"second", "s", "sec", "seconds", "secs"}, TypeId::kDayTimeInterval, 1, kMicrosPerMinute, TypeId::kDecimal},
  };
  for (const Part& part : kParts) {
    const bool found = part.interval == interval->type().id();
    bool named = false;
    for (const std::string_view alias : part.names) named |= SameName(alias, name);
    if (!found || !named) continue;
    const auto take = [divisor = part.divisor, modulus = part.modulus](int64_t value) {
      const int64_t count = value / divisor;
      return modulus == 0 ? count : count % modulus;
    };
    const std::string variant(part.names[0]);
    if (part.interval == TypeId::kYearMonthInterval) {
      KernelPtr kernel = part.type == TypeId::kByte ? MakeSafeKernel<int8_t, int32_t>(take, variant)
                                                    : MakeSafeKernel<int32_t, int32_t>(take, variant);
      return MakeCall(call, Type(part.type), {interval}, std::move(kernel));
    }
    if (part.type == TypeId::kDecimal) {
      return MakeCall(call, kSeconds, {interval}, MakeSafeKernel<int64_t, int64_t>(take, variant));
    }
    KernelPtr kernel = part.type == TypeId::kByte ? MakeSafeKernel<int8_t, int64_t>(take, variant)
                                                  : MakeSafeKernel<int32_t, int64_t>(take, variant);
    return MakeCall(call, Type(part.type), {interval}, std::move(kernel));
  }
  throw Error(ErrorClass{"INVALID_EXTRACT_FIELD", "42601"}, call.location, "an interval of the type {} has no part {}",
              interval->type().ToSql(), name);
}

struct FieldName {
  const char* name;
  Field field;
};
constexpr FieldName kExtractNames[] = {
    {"YEAR", Field::kYear},
    {"Y", Field::kYear},
    {"YEARS", Field::kYear},
    {"YR", Field::kYear},
    {"YRS", Field::kYear},
    {"YEAROFWEEK", Field::kYearOfWeek},
    {"QUARTER", Field::kQuarter},
    {"QTR", Field::kQuarter},
    {"MONTH", Field::kMonth},
    {"MON", Field::kMonth},
    {"MONS", Field::kMonth},
    {"MONTHS", Field::kMonth},
    {"WEEK", Field::kWeek},
    {"W", Field::kWeek},
    {"WEEKS", Field::kWeek},
    {"DAY", Field::kDay},
    {"D", Field::kDay},
    {"DAYS", Field::kDay},
    {"DAYOFWEEK", Field::kDayOfWeek},
    {"DOW", Field::kDayOfWeek},
    {"DAYOFWEEK_ISO", Field::kIsoDayOfWeek},
    {"DOW_ISO", Field::kIsoDayOfWeek},
    {"DOY", Field::kDayOfYear},
    {"HOUR", Field::kHour},
    {"H", Field::kHour},
    {"HOURS", Field::kHour},
    {"HR", Field::kHour},
    {"HRS", Field::kHour},
    {"MINUTE", Field::kMinute},
    {"M", Field::kMinute},
    {"MIN", Field::kMinute},
    {"MINS", Field::kMinute},
    {"MINUTES", Field::kMinute},
    {"SECOND", Field::kSecondWithFraction},
    {"S", Field::kSecondWithFraction},
    {"SEC", Field::kSecondWithFraction},
    {"SECONDS", Field::kSecondWithFraction},
    {"SECS", Field::kSecondWithFraction},
};

// extract(field FROM source), as a call of (field, source).
ExprPtr BindExtract(const FunctionCall& call) {
  CheckArity(call, 2, 2);
  const ExprPtr& source = call.arguments[1];
  const std::optional<Value> field = ConstantArgument(call, 0);
  if (!field) {
    throw Error(ErrorClass{"NON_FOLDABLE_ARGUMENT", "42K08"}, call.location, "the field of {} must be a constant",
                call.name);
  }
  if (field->is_null()) return std::make_shared<Literal>(Type(TypeId::kDouble), Value{});
  const auto* name = std::get_if<std::string>(&field->data);
  if (!name) ThrowMismatch(call, 0, "STRING");
  if (source->type().is_interval()) return MakeIntervalField(call, *name, source);
  for (const FieldName& entry : kExtractNames) {
    if (!SameName(entry.name, *name)) continue;
    // A string is taken as a timestamp here.
    if (source->type().is_datetime()) return MakeField(call, entry.field, 1);
    const FunctionCall timed{
        call.name, {call.arguments[0], Argument(call, 1, Type(TypeId::kTimestamp))}, call.location, call.settings};
    return MakeField(timed, entry.field, 1);
  }
  throw Error(ErrorClass{"INVALID_EXTRACT_FIELD", "42601"}, call.location, "{} has no field {}", source->type().ToSql(),
              *name);
}

constexpr FieldName kFunctions[] = {
    {"year", Field::kYear},           {"quarter", Field::kQuarter}, {"month", Field::kMonth},
    {"weekofyear", Field::kWeek},     {"day", Field::kDay},         {"dayofmonth", Field::kDay},
    {"dayofweek", Field::kDayOfWeek}, {"weekday", Field::kWeekday}, {"dayofyear", Field::kDayOfYear},
    {"hour", Field::kHour},           {"minute", Field::kMinute},   {"second", Field::kSecond},
};

}  // namespace

void RegisterDateFields(FunctionRegistry& registry) {
  for (const FieldName& function : kFunctions) {
    registry.Add(function.name, [field = function.field](const FunctionCall& call) {
      CheckArity(call, 1, 1);
      return MakeField(call, field, 0);
    });
  }
  registry.Add("extract", BindExtract);
  registry.Add("date_part", BindExtract);
  registry.Add("datepart", BindExtract);
}

}  // namespace quell
