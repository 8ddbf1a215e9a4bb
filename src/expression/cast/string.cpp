// Casts from STRING.
#include <arrow/util/value_parsing.h>

#include <cmath>
#include <limits>

#include "data/schema.h"
#include "data/visit_type.h"
#include "expression/cast/cast.h"
#include "expression/cast/error.h"
#include "expression/datetime_text.h"
#include "expression/decimal.h"
#include "expression/functions/kernel.h"

namespace quell {

namespace {

const Type kString(TypeId::kString);

// A kernel from a parser that returns an optional.
template <typename Out, typename F>
KernelPtr ParseKernel(const Type& to, CastMode mode, F parse) {
  return MakeKernel<Out, std::string_view>([=](std::string_view text) -> std::optional<Out> {
    const std::optional<Out> value = parse(text);
    if (!value && mode == CastMode::kAnsi) ThrowInvalidInput(text, kString, to);
    return value;
  });
}

// Without ANSI, digits behind a point are cut off.
template <typename T>
std::optional<T> ParseIntegral(std::string_view text, bool allow_fraction) {
  text = TrimSpace(text);
  const bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  int64_t value = 0;
  size_t i = 0;
  for (; i < text.size() && text[i] != '.'; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    // Counts downwards, since the smallest number has no positive.
    if (__builtin_mul_overflow(value, int64_t{10}, &value)) return std::nullopt;
    if (__builtin_sub_overflow(value, int64_t{text[i] - '0'}, &value)) return std::nullopt;
  }
  if (i < text.size() && (!allow_fraction || text.size() == 1)) return std::nullopt;
  for (++i; i < text.size(); ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
  }
  if (!negative && __builtin_sub_overflow(int64_t{0}, value, &value)) return std::nullopt;
  if (value < std::numeric_limits<T>::min() || value > std::numeric_limits<T>::max()) return std::nullopt;
  return static_cast<T>(value);
}

// What Java's parseDouble takes, and Spark's names of infinity and NaN.
template <typename T>
std::optional<T> ParseFraction(std::string_view text) {
  text = TrimSpace(text);
  std::string_view name = text;
  const bool negative = !name.empty() && name[0] == '-';
  if (!name.empty() && (name[0] == '-' || name[0] == '+')) name.remove_prefix(1);
  if (SameName(name, "inf") || SameName(name, "infinity")) {
    return negative ? -std::numeric_limits<T>::infinity() : std::numeric_limits<T>::infinity();
  }
  if (SameName(text, "nan")) return std::numeric_limits<T>::quiet_NaN();
  if (!name.empty() && std::string_view("dDfF").find(name.back()) != std::string_view::npos) name.remove_suffix(1);
  if (name.empty() || (name[0] != '.' && (name[0] < '0' || name[0] > '9'))) return std::nullopt;
  using ArrowType = std::conditional_t<sizeof(T) == 4, arrow::FloatType, arrow::DoubleType>;
  T value;
  if (!arrow::internal::ParseValue<ArrowType>(name.data(), name.size(), &value)) return std::nullopt;
  return negative ? -value : value;
}

template <typename T>
KernelPtr StringToDecimal(const Type& to, CastMode mode) {
  return MakeKernel<T, std::string_view>([=](std::string_view text) -> std::optional<T> {
    const std::string_view trimmed = TrimSpace(text);
    const std::optional<Int128> value = ParseDecimal(trimmed, to.scale());
    if (value && FitsPrecision(*value, to.precision())) return static_cast<T>(*value);
    if (mode != CastMode::kAnsi) return std::nullopt;
    if (!value && !ParseFraction<double>(trimmed)) ThrowInvalidInput(text, kString, to);
    ThrowOutOfRange(text, to);
  });
}

}  // namespace

KernelPtr CastStringToNumber(const Type& to, CastMode mode) {
  const bool cut = mode == CastMode::kLegacy;
  switch (to.id()) {
    case TypeId::kByte: return ParseKernel<int8_t>(to, mode, [cut](auto s) { return ParseIntegral<int8_t>(s, cut); });
    case TypeId::kShort:
      return ParseKernel<int16_t>(to, mode, [cut](auto s) { return ParseIntegral<int16_t>(s, cut); });
    case TypeId::kInt: return ParseKernel<int32_t>(to, mode, [cut](auto s) { return ParseIntegral<int32_t>(s, cut); });
    case TypeId::kLong: return ParseKernel<int64_t>(to, mode, [cut](auto s) { return ParseIntegral<int64_t>(s, cut); });
    case TypeId::kFloat: return ParseKernel<float>(to, mode, ParseFraction<float>);
    case TypeId::kDouble: return ParseKernel<double>(to, mode, ParseFraction<double>);
    default: return to.is_short_decimal() ? StringToDecimal<int64_t>(to, mode) : StringToDecimal<Int128>(to, mode);
  }
}

KernelPtr CastStringToBoolean(CastMode mode) {
  return ParseKernel<bool>(Type(TypeId::kBoolean), mode, [](std::string_view text) -> std::optional<bool> {
    text = TrimSpace(text);
    for (const std::string_view word : {"t", "true", "y", "yes", "1"}) {
      if (SameName(text, word)) return true;
    }
    for (const std::string_view word : {"f", "false", "n", "no", "0"}) {
      if (SameName(text, word)) return false;
    }
    return std::nullopt;
  });
}

KernelPtr CastStringToDatetime(const Type& to, CastMode mode, const std::string& time_zone) {
  if (to.id() == TypeId::kDate) return ParseKernel<int32_t>(to, mode, ParseDate);
  if (to.id() == TypeId::kTimestampNtz) {
    return ParseKernel<int64_t>(to, mode, [](std::string_view text) -> std::optional<int64_t> {
      const auto parsed = ParseTimestamp(text);
      if (!parsed) return std::nullopt;
      return parsed->local_us;
    });
  }
  const TimeZone* session = &TimeZone::Find(time_zone);
  return ParseKernel<int64_t>(to, mode, [session](std::string_view text) -> std::optional<int64_t> {
    const auto parsed = ParseTimestamp(text);
    if (!parsed) return std::nullopt;
    const TimeZone& zone = parsed->zone ? *parsed->zone : *session;
    return FitUtc(zone, parsed->local_us);
  });
}

KernelPtr CastStringToInterval(const Type& to, CastMode mode) {
  static constexpr ErrorClass kFormat{"INVALID_INTERVAL_FORMAT.UNMATCHED_FORMAT_STRING_WITH_NOTICE", "22006"};
  const auto parse = [=](std::string_view text) {
    const auto value = ParseInterval(text, to);
    if (!value && mode != CastMode::kTry) {
      throw Error(kFormat, "the text '{}' is no interval of the type {}", text, to.ToSql());
    }
    return value;
  };
  if (to.id() == TypeId::kDayTimeInterval) return MakeKernel<int64_t, std::string_view>(parse);
  return MakeKernel<int32_t, std::string_view>(parse);
}

}  // namespace quell
