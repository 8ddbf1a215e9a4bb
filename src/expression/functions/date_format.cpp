// date_format, to_date, to_timestamp, unix_timestamp, from_unixtime: dates and times as text by a pattern.
#include <memory>

#include "expression/datetime_pattern.h"
#include "expression/functions/datetime.h"
#include "expression/functions/functions.h"

namespace quell {

namespace {

constexpr ErrorClass kCannotParse{"CANNOT_PARSE_TIMESTAMP", "22007"};

const Type kDate(TypeId::kDate);
const Type kLong(TypeId::kLong);
const Type kString(TypeId::kString);
const Type kTimestamp(TypeId::kTimestamp);
const Type kTimestampNtz(TypeId::kTimestampNtz);

// The last pattern compiled, per loop.
class PatternCache {
 public:
  const DatetimePattern& Get(std::string_view text) {
    if (!pattern_ || text != text_) {
      text_ = text;
      pattern_ = std::make_unique<const DatetimePattern>(text);
    }
    return *pattern_;
  }

 private:
  std::string text_;
  std::unique_ptr<const DatetimePattern> pattern_;
};

// `scale` turns the argument into microseconds.
KernelPtr FormatKernel(const TimeZone& zone, int64_t scale) {
  ScalarKernel kernel;
  kernel.variant = zone.name();
  kernel.compute = [zone = &zone, scale](std::span<const Column> arguments, const Rows& rows, const Type& result) {
    PatternCache patterns;
    ZoneCursor cursor(*zone);
    std::string text;
    return MapRows<std::string_view, int64_t, std::string_view>(
        arguments, rows, result, [&](int64_t value, std::string_view pattern, StringWriter& out) {
          const LocalTime local = cursor.LocalAt(CheckedMicros(Int128{value} * scale));
          text.clear();
          patterns.Get(pattern).Append(local, *zone, cursor.span(), text);
          out.AppendPart(text);
        });
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

enum class Target : uint8_t { kInstant, kWallClock, kDay, kSeconds };

// (text, pattern) as a timestamp or a day. A text that does not fit is an error with `raises`, else NULL.
template <typename Out>
KernelPtr ParseKernel(const TimeZone& zone, Target target, bool raises) {
  ScalarKernel kernel;
  kernel.variant = zone.name() + (raises ? "!" : "?");
  kernel.compute = [zone = &zone, target, raises](std::span<const Column> arguments, const Rows& rows,
                                                  const Type& result) {
    PatternCache patterns;
    ZoneCursor cursor(*zone);
    return MapRows<Out, std::string_view, std::string_view>(
        arguments, rows, result, [&](std::string_view text, std::string_view pattern) -> std::optional<Out> {
          const auto parsed = patterns.Get(pattern).Parse(text);
          if (!parsed) {
            if (!raises) return std::nullopt;
            throw Error(kCannotParse,
                        "the text '{}' does not fit the datetime pattern '{}'; use try_to_timestamp to get NULL", text,
                        pattern);
          }
          if (target == Target::kWallClock) return static_cast<Out>(parsed->local_us);
          if (target == Target::kDay && !parsed->zone)
            return static_cast<Out>(FloorDiv(parsed->local_us, kMicrosPerDay));
          const int64_t us =
              parsed->zone ? CheckedUtc(*parsed->zone, parsed->local_us) : CheckedUtc(cursor, parsed->local_us);
          if (target == Target::kDay) return static_cast<Out>(cursor.LocalAt(us).days);
          return static_cast<Out>(target == Target::kSeconds ? FloorDiv(us, kMicrosPerSecond) : us);
        });
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

ExprPtr BindDateFormat(const FunctionCall& call) {
  CheckArity(call, 2, 2);
  return MakeCall(call, kString, {Argument(call, 0, kTimestamp), Argument(call, 1, kString)},
                  FormatKernel(ZoneOf(kTimestamp, call.settings), 1));
}

ExprPtr DefaultPattern() { return MakeLiteral(Value{std::string("yyyy-MM-dd HH:mm:ss")}, TypeId::kString); }

ExprPtr BindFromUnixtime(const FunctionCall& call) {
  CheckArity(call, 1, 2);
  ExprPtr pattern = call.arguments.size() == 2 ? Argument(call, 1, kString) : DefaultPattern();
  return MakeCall(call, kString, {Argument(call, 0, kLong), pattern},
                  FormatKernel(ZoneOf(kTimestamp, call.settings), kMicrosPerSecond));
}

CastMode ModeFor(const FunctionCall& call, bool is_try) {
  return is_try ? CastMode::kTry : call.settings.ansi ? CastMode::kAnsi : CastMode::kLegacy;
}

// to_timestamp(value[, pattern]): a cast, unless a string comes with a pattern.
FunctionBinder BindParse(TypeId type, bool is_try) {
  return [=](const FunctionCall& call) -> ExprPtr {
    CheckArity(call, 1, 2);
    const Type result(type);
    const ExprPtr& value = call.arguments[0];
    if (call.arguments.size() == 1 || value->type().id() != TypeId::kString) {
      if (!CanCast(value->type(), result, CastMode::kAnsi)) ThrowMismatch(call, 0, "STRING, DATE or TIMESTAMP");
      if (value->type() == result) return value;
      return std::make_shared<Cast>(value, result, ModeFor(call, is_try), call.settings.time_zone);
    }
    const bool raises = call.settings.ansi && !is_try;
    const TimeZone& zone = ZoneOf(kTimestamp, call.settings);
    KernelPtr kernel =
        type == TypeId::kDate
            ? ParseKernel<int32_t>(zone, Target::kDay, raises)
            : ParseKernel<int64_t>(zone, type == TypeId::kTimestamp ? Target::kInstant : Target::kWallClock, raises);
    return MakeCall(call, result, {value, Argument(call, 1, kString)}, std::move(kernel), !raises);
  };
}

// Seconds since 1970 of a timestamp, a date or a text; of now without arguments.
ExprPtr BindUnixTimestamp(const FunctionCall& call) {
  static const KernelPtr kSeconds =
      MakeSafeKernel<int64_t, int64_t>([](int64_t us) { return FloorDiv(us, kMicrosPerSecond); });
  CheckArity(call, 0, 2);
  if (call.arguments.empty())
    return MakeLiteral(Value{FloorDiv(call.settings.now_us, kMicrosPerSecond)}, TypeId::kLong);
  if (call.arguments[0]->type().id() != TypeId::kString)
    return MakeCall(call, kLong, {Argument(call, 0, kTimestamp)}, kSeconds);
  ExprPtr pattern = call.arguments.size() == 2 ? Argument(call, 1, kString) : DefaultPattern();
  const bool raises = call.settings.ansi;
  return MakeCall(call, kLong, {call.arguments[0], pattern},
                  ParseKernel<int64_t>(ZoneOf(kTimestamp, call.settings), Target::kSeconds, raises), !raises);
}

}  // namespace

void RegisterDateFormat(FunctionRegistry& registry) {
  registry.Add("date_format", BindDateFormat);
  registry.Add("from_unixtime", BindFromUnixtime);
  for (const char* name : {"unix_timestamp", "to_unix_timestamp"}) registry.Add(name, BindUnixTimestamp);
  registry.Add("to_date", BindParse(TypeId::kDate, false));
  registry.Add("try_to_date", BindParse(TypeId::kDate, true));
  registry.Add("to_timestamp",
               ByTimestampType(BindParse(TypeId::kTimestamp, false), BindParse(TypeId::kTimestampNtz, false)));
  registry.Add("try_to_timestamp",
               ByTimestampType(BindParse(TypeId::kTimestamp, true), BindParse(TypeId::kTimestampNtz, true)));
  registry.Add("to_timestamp_ltz", BindParse(TypeId::kTimestamp, false));
  registry.Add("to_timestamp_ntz", BindParse(TypeId::kTimestampNtz, false));
}

}  // namespace quell
