// Casts of scalar types to STRING.
#include <charconv>

#include "data/civil.h"
#include "data/format.h"
#include "data/time_zone.h"
#include "data/visit_type.h"
#include "expression/cast/cast.h"
#include "expression/functions/kernel.h"

namespace quell {

namespace {

template <typename T, typename F>
KernelPtr Print(F print) {
  ScalarKernel kernel;
  kernel.compute = [print](std::span<const Column> arguments, const Rows& rows, const Type& result) {
    return MapRows<std::string_view, T>(arguments, rows, result,
                                        [&](T value, StringWriter& out) { out.AppendPart(print(value)); });
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

template <typename T>
KernelPtr PrintIntegral() {
  return MakeKernel<std::string_view, T>([](T value, StringWriter& out) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof(digits), value).ptr;
    out.AppendPart({digits, static_cast<size_t>(end - digits)});
  });
}

KernelPtr PrintTimestamp(const std::string& time_zone) {
  const TimeZone* zone = &TimeZone::Find(time_zone);
  ScalarKernel kernel;
  kernel.compute = [zone](std::span<const Column> arguments, const Rows& rows, const Type& result) {
    ZoneCursor cursor(*zone);
    return MapRows<std::string_view, int64_t>(arguments, rows, result, [&](int64_t utc_us, StringWriter& out) {
      out.AppendPart(FormatLocalTime(cursor.LocalAt(utc_us)));
    });
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

}  // namespace

KernelPtr CastToString(const Type& from, const std::string& time_zone) {
  switch (from.id()) {
    case TypeId::kBoolean: return Print<bool>([](bool value) { return std::string_view(value ? "true" : "false"); });
    case TypeId::kByte: return PrintIntegral<int8_t>();
    case TypeId::kShort: return PrintIntegral<int16_t>();
    case TypeId::kInt: return PrintIntegral<int32_t>();
    case TypeId::kLong: return PrintIntegral<int64_t>();
    case TypeId::kFloat: return Print<float>(FormatFloat);
    case TypeId::kDouble: return Print<double>(FormatDouble);
    case TypeId::kDecimal: {
      const auto print = [scale = from.scale()](Int128 value) { return FormatDecimal(value, scale); };
      return from.is_short_decimal() ? Print<int64_t>(print) : Print<Int128>(print);
    }
    case TypeId::kDate: return Print<int32_t>(FormatDate);
    case TypeId::kTimestamp: return PrintTimestamp(time_zone);
    case TypeId::kTimestampNtz: return Print<int64_t>(FormatLocalTimestamp);
    case TypeId::kYearMonthInterval:
      return Print<int32_t>([from](int32_t value) { return FormatInterval(value, from); });
    case TypeId::kDayTimeInterval: return Print<int64_t>([from](int64_t value) { return FormatInterval(value, from); });
    default: return Print<std::string_view>([](std::string_view value) { return value; });
  }
}

}  // namespace quell
