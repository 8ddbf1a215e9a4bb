#include "expression/decimal.h"

#include <arrow/util/decimal.h>

#include <algorithm>
#include <string>

namespace quell {

namespace {

using Wide = arrow::BasicDecimal256;

struct Powers {
  Int128 values[39];
  constexpr Powers() : values() {
    values[0] = 1;
    for (int i = 1; i < 39; ++i) values[i] = values[i - 1] * 10;
  }
};
constexpr Powers kPowers;

Wide Widen(Int128 value) {
  return Wide(arrow::BasicDecimal128(static_cast<int64_t>(value >> 64), static_cast<uint64_t>(value)));
}

Wide WidePower(int32_t exponent) {
  Wide power = Widen(PowerOfTen(std::min(exponent, 38)));
  for (int32_t rest = exponent - 38; rest > 0; rest -= 38) power *= Widen(PowerOfTen(std::min(rest, 38)));
  return power;
}

std::optional<Int128> Narrow(const Wide& value) {
  const auto& words = value.little_endian_array();
  const uint64_t sign = static_cast<int64_t>(words[1]) < 0 ? ~uint64_t{0} : 0;
  if (words[2] != sign || words[3] != sign) return std::nullopt;
  return static_cast<Int128>((static_cast<unsigned __int128>(words[1]) << 64) | words[0]);
}

Wide WideDivideHalfUp(const Wide& dividend, const Wide& divisor) {
  Wide quotient;
  Wide remainder;
  if (dividend.Divide(divisor, &quotient, &remainder) != arrow::DecimalStatus::kSuccess) return Wide(0);
  const Wide magnitude = Wide::Abs(remainder);
  if (magnitude + magnitude < Wide::Abs(divisor)) return quotient;
  return (dividend < Wide(0)) != (divisor < Wide(0)) ? Wide(quotient + Wide(-1)) : Wide(quotient + Wide(1));
}

Wide WideRescale(const Wide& value, int32_t from_scale, int32_t to_scale) {
  if (to_scale >= from_scale) return Wide(value * WidePower(to_scale - from_scale));
  return WideDivideHalfUp(value, WidePower(from_scale - to_scale));
}

std::optional<Int128> Bounded(std::optional<Int128> value, const Type& result) {
  if (!value || !FitsPrecision(*value, result.precision())) return std::nullopt;
  return value;
}

// value * 10^exponent, if it fits.
std::optional<Int128> Scaled(Int128 value, int32_t exponent) {
  Int128 product;
  if (exponent > 38 || __builtin_mul_overflow(value, PowerOfTen(exponent), &product)) return std::nullopt;
  return product;
}

}  // namespace

Int128 PowerOfTen(int32_t exponent) { return kPowers.values[exponent]; }

std::optional<Int128> Rescale(Int128 value, int32_t from_scale, int32_t to_scale) {
  if (to_scale >= from_scale) return Scaled(value, to_scale - from_scale);
  if (from_scale - to_scale > 38) return 0;
  return DivideHalfUp(value, PowerOfTen(from_scale - to_scale));
}

std::optional<Int128> ParseDecimal(std::string_view text, int32_t scale) {
  size_t at = 0;
  const bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) ++at;
  const size_t e = text.find_first_of("eE", at);
  int64_t exponent = 0;
  if (e != std::string_view::npos) {
    const std::string_view digits = text.substr(e + 1);
    size_t i = !digits.empty() && (digits[0] == '-' || digits[0] == '+') ? 1 : 0;
    if (i == digits.size()) return std::nullopt;
    for (; i < digits.size(); ++i) {
      if (digits[i] < '0' || digits[i] > '9') return std::nullopt;
      exponent = std::min<int64_t>(exponent * 10 + (digits[i] - '0'), 1'000'000);
    }
    if (digits[0] == '-') exponent = -exponent;
    text = text.substr(0, e);
  }
  // Digits that count are kept one beyond the scale, and whether any other follows, for the rounding.
  Int128 value = 0;
  bool any_digit = false;
  bool after_point = false;
  int64_t point_shift = exponent;
  int64_t kept = 0;
  std::string digits;
  for (; at < text.size(); ++at) {
    if (text[at] == '.' && !after_point) {
      after_point = true;
      continue;
    }
    if (text[at] < '0' || text[at] > '9') return std::nullopt;
    any_digit = true;
    digits += text[at];
    point_shift -= after_point ? 1 : 0;
  }
  if (!any_digit) return std::nullopt;
  // digits * 10^point_shift, wanted as value * 10^-scale.
  const int64_t wanted = static_cast<int64_t>(digits.size()) + point_shift + scale;
  if (wanted < 0) return 0;
  for (; kept < wanted; ++kept) {
    const int digit = kept < static_cast<int64_t>(digits.size()) ? digits[static_cast<size_t>(kept)] - '0' : 0;
    if (kept >= static_cast<int64_t>(digits.size()) && value == 0) break;
    if (__builtin_mul_overflow(value, Int128{10}, &value) || __builtin_add_overflow(value, Int128{digit}, &value)) {
      return std::nullopt;
    }
  }
  if (wanted < static_cast<int64_t>(digits.size()) && digits[static_cast<size_t>(wanted)] >= '5') ++value;
  return negative ? -value : value;
}

std::optional<Int128> AddDecimals(Int128 a, int32_t a_scale, Int128 b, int32_t b_scale, const Type& result) {
  const int32_t scale = std::max(a_scale, b_scale);
  const auto x = Scaled(a, scale - a_scale);
  const auto y = Scaled(b, scale - b_scale);
  Int128 sum;
  if (x && y && !__builtin_add_overflow(*x, *y, &sum)) return Bounded(Rescale(sum, scale, result.scale()), result);
  const Wide wide = WideRescale(Widen(a), a_scale, scale) + WideRescale(Widen(b), b_scale, scale);
  return Bounded(Narrow(WideRescale(wide, scale, result.scale())), result);
}

std::optional<Int128> MultiplyDecimals(Int128 a, int32_t a_scale, Int128 b, int32_t b_scale, const Type& result) {
  Int128 product;
  if (!__builtin_mul_overflow(a, b, &product))
    return Bounded(Rescale(product, a_scale + b_scale, result.scale()), result);
  return Bounded(Narrow(WideRescale(Wide(Widen(a) * Widen(b)), a_scale + b_scale, result.scale())), result);
}

std::optional<Int128> DivideDecimals(Int128 a, int32_t a_scale, Int128 b, int32_t b_scale, const Type& result) {
  const int32_t exponent = result.scale() - a_scale + b_scale;
  if (exponent >= 0) {
    if (const auto dividend = Scaled(a, exponent)) return Bounded(DivideHalfUp(*dividend, b), result);
    return Bounded(Narrow(WideDivideHalfUp(Wide(Widen(a) * WidePower(exponent)), Widen(b))), result);
  }
  return Bounded(Narrow(WideDivideHalfUp(Widen(a), Wide(Widen(b) * WidePower(-exponent)))), result);
}

std::optional<Int128> DivideDecimalsWhole(Int128 a, int32_t a_scale, Int128 b, int32_t b_scale) {
  const int32_t scale = std::max(a_scale, b_scale);
  const auto x = Scaled(a, scale - a_scale);
  const auto y = Scaled(b, scale - b_scale);
  if (x && y) return *x / *y;
  return Narrow(Wide(WideRescale(Widen(a), a_scale, scale) / WideRescale(Widen(b), b_scale, scale)));
}

std::optional<Int128> DecimalRemainder(Int128 a, int32_t a_scale, Int128 b, int32_t b_scale, const Type& result) {
  const int32_t scale = std::max(a_scale, b_scale);
  const auto x = Scaled(a, scale - a_scale);
  const auto y = Scaled(b, scale - b_scale);
  if (x && y) return Bounded(Rescale(*x % *y, scale, result.scale()), result);
  Wide quotient;
  Wide remainder;
  const Wide divisor = WideRescale(Widen(b), b_scale, scale);
  WideRescale(Widen(a), a_scale, scale).Divide(divisor, &quotient, &remainder);
  return Bounded(Narrow(WideRescale(remainder, scale, result.scale())), result);
}

}  // namespace quell
