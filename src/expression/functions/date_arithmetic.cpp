// date_add, date_sub, datediff, add_months, months_between, last_day, next_day.
#include <cmath>

#include "data/schema.h"
#include "expression/datetime_text.h"
#include "expression/functions/datetime.h"
#include "expression/functions/functions.h"

namespace quell {

namespace {

const Type kDate(TypeId::kDate);
const Type kInt(TypeId::kInt);
const Type kTimestamp(TypeId::kTimestamp);

// Days are BYTE, SHORT or INT, or a string that is one.
ExprPtr DaysArgument(const FunctionCall& call, size_t index) {
  const Type& type = call.arguments[index]->type();
  const bool wide = type.id() == TypeId::kLong || type.is_fractional() || type.id() == TypeId::kDecimal;
  if (wide || type.is_datetime()) ThrowMismatch(call, index, "INT, SMALLINT or TINYINT");
  return Argument(call, index, kInt);
}

FunctionBinder BindShift(int32_t sign) {
  const KernelPtr kernel = MakeKernel<int32_t, int32_t, int32_t>([sign](int32_t date, int32_t days) {
    return CheckedDays(static_cast<int64_t>(date) + sign * static_cast<int64_t>(days));
  });
  return [=](const FunctionCall& call) {
    CheckArity(call, 2, 2);
    return MakeCall(call, kDate, {Argument(call, 0, kDate), DaysArgument(call, 1)}, kernel);
  };
}

// Full months, and 31sts of a month for what is left; times of day count unless both days are the same or last ones.
double MonthsBetween(const LocalTime& a_local, const LocalTime& b_local, bool round_off) {
  const Civil a = CivilFromDays(a_local.days);
  const Civil b = CivilFromDays(b_local.days);
  const double months = (static_cast<double>(a.year) - b.year) * 12 + (a.month - b.month);
  const bool both_last = a.day == DaysInMonth(a.year, a.month) && b.day == DaysInMonth(b.year, b.month);
  if (a.day == b.day || both_last) return months;
  const int64_t seconds =
      (a.day - b.day) * int64_t{86400} + a_local.time_us / kMicrosPerSecond - b_local.time_us / kMicrosPerSecond;
  const double difference = months + static_cast<double>(seconds) / (31.0 * 86400);
  return round_off ? std::round(difference * 1e8) / 1e8 : difference;
}

ExprPtr BindMonthsBetween(const FunctionCall& call) {
  CheckArity(call, 2, 3);
  ExprPtr round_off = call.arguments.size() == 3 ? Argument(call, 2, Type(TypeId::kBoolean))
                                                 : MakeLiteral(Value{true}, TypeId::kBoolean);
  KernelPtr kernel = MakeZonedKernel<double, int64_t, int64_t, bool>(
      ZoneOf(kTimestamp, call.settings), [](ZoneCursor& zone, int64_t a, int64_t b, bool round) {
        const LocalTime a_local = zone.LocalAt(a);
        return MonthsBetween(a_local, zone.LocalAt(b), round);
      });
  return MakeCall(call, Type(TypeId::kDouble),
                  {Argument(call, 0, kTimestamp), Argument(call, 1, kTimestamp), std::move(round_off)},
                  std::move(kernel));
}

// 0 for Monday; -1 for a name that is no day.
int32_t WeekdayNamed(std::string_view name) {
  static constexpr std::string_view kNames[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
  static constexpr std::string_view kShort[] = {"MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"};
  static constexpr std::string_view kLong[] = {"MONDAY", "TUESDAY",  "WEDNESDAY", "THURSDAY",
                                               "FRIDAY", "SATURDAY", "SUNDAY"};
  name = TrimSpace(name);
  for (int32_t day = 0; day < 7; ++day) {
    if (SameName(name, kNames[day]) || SameName(name, kShort[day]) || SameName(name, kLong[day])) return day;
  }
  return -1;
}

ExprPtr BindNextDay(const FunctionCall& call) {
  CheckArity(call, 2, 2);
  KernelPtr kernel = MakeKernel<int32_t, int32_t, std::string_view>(
      [ansi = call.settings.ansi](int32_t date, std::string_view name) -> std::optional<int32_t> {
        const int32_t wanted = WeekdayNamed(name);
        if (wanted < 0) {
          if (!ansi) return std::nullopt;
          throw Error(ErrorClass{"ILLEGAL_DAY_OF_WEEK", "22009"}, "'{}' is no day of the week", name);
        }
        return CheckedDays(int64_t{date} + 1 + FloorMod(wanted - (IsoDayOfWeek(date) - 1) - 1, 7));
      });
  return MakeCall(call, kDate, {Argument(call, 0, kDate), Argument(call, 1, Type(TypeId::kString))}, std::move(kernel),
                  !call.settings.ansi);
}

// The first three letters of the name of the day or month.
KernelPtr NameKernel(bool of_month) {
  return MakeSafeKernel<std::string_view, int32_t>([of_month](int32_t date, StringWriter& out) {
    static constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
    static constexpr std::string_view kDays = "MonTueWedThuFriSatSun";
    const int32_t index = of_month ? CivilFromDays(date).month - 1 : IsoDayOfWeek(date) - 1;
    out.AppendPart((of_month ? kMonths : kDays).substr(static_cast<size_t>(index) * 3, 3));
  });
}

}  // namespace

void RegisterDateArithmetic(FunctionRegistry& registry) {
  registry.Add("date_add", BindShift(1));
  registry.Add("dateadd", BindShift(1));
  registry.Add("date_sub", BindShift(-1));
  const FunctionBinder difference = Simple(
      {TypeId::kDate, TypeId::kDate}, TypeId::kInt, MakeSafeKernel<int32_t, int32_t, int32_t>([](int32_t a, int32_t b) {
        return static_cast<int32_t>(static_cast<uint32_t>(a) - static_cast<uint32_t>(b));
      }));
  registry.Add("datediff", difference);
  registry.Add("date_diff", difference);
  registry.Add("add_months", Simple({TypeId::kDate, TypeId::kInt}, TypeId::kDate,
                                    MakeKernel<int32_t, int32_t, int32_t>([](int32_t date, int32_t months) {
                                      return CheckedDays(AddMonths(date, months));
                                    })));
  registry.Add("months_between", BindMonthsBetween);
  registry.Add("last_day",
               Simple({TypeId::kDate}, TypeId::kDate, MakeKernel<int32_t, int32_t>([](int32_t date) {
                        const Civil civil = CivilFromDays(date);
                        return CheckedDays(int64_t{date} - civil.day + DaysInMonth(civil.year, civil.month));
                      })));
  registry.Add("next_day", BindNextDay);
  registry.Add("dayname", Simple({TypeId::kDate}, TypeId::kString, NameKernel(false)));
  registry.Add("monthname", Simple({TypeId::kDate}, TypeId::kString, NameKernel(true)));
}

}  // namespace quell
