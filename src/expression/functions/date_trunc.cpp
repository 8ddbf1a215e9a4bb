// date_trunc, trunc.
#include <algorithm>
#include <optional>

#include "data/schema.h"
#include "expression/functions/datetime.h"
#include "expression/functions/functions.h"

namespace quell {

namespace {

const Type kDate(TypeId::kDate);
const Type kTimestamp(TypeId::kTimestamp);

DatetimeUnit UnitNamed(std::string_view name) {
  struct Name {
    std::string_view name;
    DatetimeUnit unit;
  };
  static constexpr Name kNames[] = {
      {"YEAR", DatetimeUnit::kYear},
      {"YYYY", DatetimeUnit::kYear},
      {"YY", DatetimeUnit::kYear},
      {"QUARTER", DatetimeUnit::kQuarter},
      {"MONTH", DatetimeUnit::kMonth},
      {"MM", DatetimeUnit::kMonth},
      {"MON", DatetimeUnit::kMonth},
      {"WEEK", DatetimeUnit::kWeek},
      {"DAY", DatetimeUnit::kDay},
      {"DD", DatetimeUnit::kDay},
      {"HOUR", DatetimeUnit::kHour},
      {"MINUTE", DatetimeUnit::kMinute},
      {"SECOND", DatetimeUnit::kSecond},
      {"MILLISECOND", DatetimeUnit::kMillisecond},
      {"MICROSECOND", DatetimeUnit::kMicrosecond},
  };
  for (const Name& entry : kNames) {
    if (SameName(entry.name, name)) return entry.unit;
  }
  return DatetimeUnit::kNone;
}

// Rounds all of `in` down. Neighbours mostly share their result: a block is compared with the period of the row before,
// in a loop that vectorizes, and is computed row by row only where it leaves that period. `first` begins the first
// period of all; what lies before it has no result.
template <uint64_t kUnit, typename Truncate>
void TruncateBlocks(const int64_t* in, int64_t count, int64_t first, Truncate truncate, int64_t* out) {
  constexpr int64_t kBlock = 8;
  constexpr uint64_t kSign = uint64_t{1} << 63;
  constexpr int64_t kLastToEnd = std::numeric_limits<int64_t>::max() - static_cast<int64_t>(kUnit);
  int64_t period = first;
  int64_t row = 0;
  for (; row + kBlock <= count; row += kBlock) {
    uint64_t signs = 0;  // negative where a row lies before the period or behind it
    for (int64_t i = 0; i < kBlock; ++i) {
      const uint64_t into = static_cast<uint64_t>(in[row + i]) - static_cast<uint64_t>(period);
      signs |= into | (kUnit - 1 - into);
      out[row + i] = period;
    }
    if ((signs & kSign) == 0) continue;
    for (int64_t i = 0; i < kBlock; ++i) out[row + i] = truncate(in[row + i]);
    // The last period of all has no end to compare with: it would take in the first timestamps of all.
    const int64_t last = out[row + kBlock - 1];
    if (in[row + kBlock - 1] >= first && last <= kLastToEnd) period = last;
  }
  for (; row < count; ++row) out[row] = truncate(in[row]);
}

// The first timestamp that is `origin` and a multiple of the unit in the clock of a zone.
constexpr int64_t FirstPeriod(int64_t unit, int64_t origin, int64_t offset_us) {
  constexpr Int128 kFirst = std::numeric_limits<int64_t>::min();
  const auto into = static_cast<int64_t>((kFirst + offset_us - origin) % unit);
  return static_cast<int64_t>(kFirst + FloorMod(-into, unit));
}

// What lies before it belongs to a period that begins out of range. NULL rows hold anything.
void RequireNotBefore(int64_t first_us, const Column& in, const Rows& rows) {
  const Reader<int64_t> values(in);
  const ValidityReader valid(in);
  rows.ForEach([&](int64_t row) {
    if (values[row] < first_us && valid[row]) CheckedMicros(Int128{std::numeric_limits<int64_t>::min()} - 1);
  });
}

// Rounds down to a multiple of kUnit after kOrigin. The divisor is a constant, so that no row costs a division.
template <int64_t kUnit, int64_t kOrigin>
Column TruncateFixed(std::span<const Column> arguments, const Rows& rows, const Type& result, int64_t offset_us) {
  const int64_t first_us = FirstPeriod(kUnit, kOrigin, offset_us);
  const bool is_flat = arguments[1].encoding == Encoding::kFlat;
  const bool is_dense = is_flat && rows.num_rows < 2 * rows.count();
  FixedWriter<int64_t> writer(rows.num_rows, !is_dense);
  int64_t* out = writer.values();
  bool any_before = false;
  const auto truncate = [&, first = static_cast<uint64_t>(first_us)](int64_t us) {
    any_before |= us < first_us;
    const uint64_t rest = (static_cast<uint64_t>(us) - first) % static_cast<uint64_t>(kUnit);
    return static_cast<int64_t>(static_cast<uint64_t>(us) - rest);
  };
  if (is_dense) {
    TruncateBlocks<static_cast<uint64_t>(kUnit)>(arguments[1].values<int64_t>(), rows.num_rows, first_us, truncate,
                                                 out);
  } else if (is_flat) {
    const int64_t* values = arguments[1].values<int64_t>();
    rows.ForEach([&](int64_t row) { out[row] = truncate(values[row]); });
  } else {
    const Reader<int64_t> in(arguments[1]);
    rows.ForEach([&](int64_t row) { out[row] = truncate(in[row]); });
  }
  if (any_before) RequireNotBefore(first_us, arguments[1], rows);
  return writer.Finish(result);
}

// Truncates local times. The instants that share a result are remembered, so that neighbours cost a comparison.
class Truncation {
 public:
  Truncation(const TimeZone& zone, DatetimeUnit unit) : cursor_(zone), unit_(unit) {}

  int64_t operator()(int64_t us) {
    if (us >= begin_ && us < end_) [[likely]]
      return result_;
    if (unit_ == DatetimeUnit::kHour) {
      // Within a span of one offset hours are regular: a day nearer to 1970, where the offset fits, they are the same.
      const int64_t nearer = us > 0 ? us - kMicrosPerDay : us + kMicrosPerDay;
      return CheckedMicros(Int128{us} - FloorMod(nearer + cursor_.OffsetAt(us), kMicrosPerHour));
    }
    const int64_t first = TruncateDay(cursor_.LocalAt(us).days, unit_);
    result_ = CheckedUtc(cursor_, Int128{first} * kMicrosPerDay);
    begin_ = result_;
    end_ = FitUtc(cursor_, Int128{NextDay(first)} * kMicrosPerDay).value_or(std::numeric_limits<int64_t>::max());
    return result_;
  }

 private:
  // The first day after the period that begins with `first`.
  int64_t NextDay(int64_t first) const {
    switch (unit_) {
      case DatetimeUnit::kDay: return first + 1;
      case DatetimeUnit::kWeek: return first + 7;
      case DatetimeUnit::kMonth: return AddMonths(first, 1);
      case DatetimeUnit::kQuarter: return AddMonths(first, 3);
      default: return AddMonths(first, 12);
    }
  }

  ZoneCursor cursor_;
  const DatetimeUnit unit_;
  int64_t begin_ = 0;
  int64_t end_ = 0;
  int64_t result_ = 0;
};

Column TruncateLocal(std::span<const Column> arguments, const Rows& rows, const Type& result, const TimeZone& zone,
                     DatetimeUnit unit) {
  Truncation truncation(zone, unit);
  const Reader<int64_t> in(arguments[1]);
  const ValidityReader valid(arguments[1]);
  FixedWriter<int64_t> writer(rows.num_rows, rows.selection != nullptr);
  int64_t* out = writer.values();
  rows.ForEach([&](int64_t row) { out[row] = valid[row] ? truncation(in[row]) : 0; });
  return writer.Finish(result);
}

Column TruncateTimestamps(std::span<const Column> arguments, const Rows& rows, const Type& result, const TimeZone& zone,
                          DatetimeUnit unit) {
  // 1969-12-29 was a Monday.
  constexpr int64_t kMonday = -3 * kMicrosPerDay;
  switch (unit) {
    case DatetimeUnit::kNone: return MakeConstant(result, Value{});
    case DatetimeUnit::kMicrosecond: return arguments[1];
    case DatetimeUnit::kMillisecond: return TruncateFixed<1000, 0>(arguments, rows, result, 0);
    case DatetimeUnit::kSecond: return TruncateFixed<kMicrosPerSecond, 0>(arguments, rows, result, 0);
    case DatetimeUnit::kMinute: return TruncateFixed<kMicrosPerMinute, 0>(arguments, rows, result, 0);
    default: break;
  }
  if (zone.is_fixed()) {
    const int64_t offset = zone.fixed_offset_us();
    if (unit == DatetimeUnit::kHour) return TruncateFixed<kMicrosPerHour, 0>(arguments, rows, result, offset);
    if (unit == DatetimeUnit::kDay) return TruncateFixed<kMicrosPerDay, 0>(arguments, rows, result, offset);
    if (unit == DatetimeUnit::kWeek) return TruncateFixed<7 * kMicrosPerDay, kMonday>(arguments, rows, result, offset);
  }
  return TruncateLocal(arguments, rows, result, zone, unit);
}

KernelPtr MakeDateTruncKernel(const TimeZone& zone) {
  ScalarKernel kernel;
  kernel.variant = zone.name();
  kernel.skips_nulls = false;
  kernel.compute = [zone = &zone](std::span<const Column> arguments, const Rows& rows, const Type& result) {
    if (arguments[0].encoding == Encoding::kConstant) {
      return TruncateTimestamps(arguments, rows, result, *zone, UnitNamed(StringReader(arguments[0])[0]));
    }
    const StringReader units(arguments[0]);
    std::vector<Value> values(static_cast<size_t>(rows.num_rows));
    const Reader<int64_t> in(arguments[1]);
    const ValidityReader valid(arguments[1]);
    rows.ForEach([&](int64_t row) {
      if (!valid[row]) return;
      const Column one[] = {arguments[0], MakeConstant(result, Value{in[row]})};
      values[static_cast<size_t>(row)] =
          ValueAt(TruncateTimestamps(one, Rows{1, nullptr}, result, *zone, UnitNamed(units[row])), 0);
    });
    return MakeColumn(result, values);
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

ExprPtr BindDateTrunc(const FunctionCall& call) {
  CheckArity(call, 2, 2);
  ExprList arguments{Argument(call, 0, Type(TypeId::kString)), Argument(call, 1, kTimestamp)};
  return MakeCall(call, kTimestamp, std::move(arguments), MakeDateTruncKernel(ZoneOf(kTimestamp, call.settings)), true);
}

ExprPtr BindTrunc(const FunctionCall& call) {
  static const KernelPtr kKernel =
      MakeKernel<int32_t, int32_t, std::string_view>([](int32_t days, std::string_view name) -> std::optional<int32_t> {
        const DatetimeUnit unit = UnitNamed(name);
        if (unit < DatetimeUnit::kWeek) return std::nullopt;
        return CheckedDays(TruncateDay(days, unit));
      });
  CheckArity(call, 2, 2);
  return MakeCall(call, kDate, {Argument(call, 0, kDate), Argument(call, 1, Type(TypeId::kString))}, kKernel, true);
}

}  // namespace

int64_t TruncateDay(int64_t days, DatetimeUnit unit) {
  if (unit <= DatetimeUnit::kDay) return days;
  if (unit == DatetimeUnit::kWeek) return days - (IsoDayOfWeek(days) - 1);
  const Civil civil = CivilFromDays(days);
  if (unit == DatetimeUnit::kMonth) return days - (civil.day - 1);
  if (unit == DatetimeUnit::kQuarter) return DaysFromCivil(civil.year, (civil.month - 1) / 3 * 3 + 1, 1);
  return DaysFromCivil(civil.year, 1, 1);
}

int64_t AddMonths(int64_t days, int64_t months) {
  const Civil civil = CivilFromDays(days);
  const int64_t month_index = static_cast<int64_t>(civil.year) * 12 + (civil.month - 1) + months;
  const int64_t year = FloorDiv(month_index, 12);
  const auto month = static_cast<int32_t>(FloorMod(month_index, 12)) + 1;
  return DaysFromCivil(year, month, std::min(civil.day, DaysInMonth(year, month)));
}

void RegisterDateTrunc(FunctionRegistry& registry) {
  registry.Add("date_trunc", BindDateTrunc);
  registry.Add("trunc", BindTrunc);
}

}  // namespace quell
