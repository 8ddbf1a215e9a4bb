// Exact arithmetic on unscaled decimals.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "data/type.h"
#include "data/value.h"

namespace quell {

// 10^exponent for 0..38.
Int128 PowerOfTen(int32_t exponent);

// |value| < 10^precision.
inline bool FitsPrecision(Int128 value, int32_t precision) {
  const Int128 bound = PowerOfTen(precision);
  return value < bound && value > -bound;
}

// dividend / divisor, halves away from zero (HALF_UP of Java).
template <typename T>
T DivideHalfUp(T dividend, T divisor) {
  const T quotient = dividend / divisor;
  const T remainder = dividend % divisor;
  const T magnitude = remainder < 0 ? -remainder : remainder;
  const T half = divisor < 0 ? -divisor : divisor;
  if (magnitude < half - magnitude) return quotient;
  return (dividend < 0) != (divisor < 0) ? quotient - 1 : quotient + 1;
}

// `value` with another number of digits behind the point, HALF_UP; nullopt if it does not fit 128 bits.
std::optional<Int128> Rescale(Int128 value, int32_t from_scale, int32_t to_scale);

// "12.345", "-.5", "1e3" as an unscaled value, HALF_UP; nullopt if it is not a number or does not fit 128 bits.
std::optional<Int128> ParseDecimal(std::string_view text, int32_t scale);

// The exact result rounded HALF_UP to the scale of `result`; nullopt if it does not fit its precision. `b` is not 0 for
// the last three.
std::optional<Int128> AddDecimals(Int128 a, int32_t a_scale, Int128 b, int32_t b_scale, const Type& result);
std::optional<Int128> MultiplyDecimals(Int128 a, int32_t a_scale, Int128 b, int32_t b_scale, const Type& result);
std::optional<Int128> DivideDecimals(Int128 a, int32_t a_scale, Int128 b, int32_t b_scale, const Type& result);
// Rounds towards zero, to scale 0.
std::optional<Int128> DivideDecimalsWhole(Int128 a, int32_t a_scale, Int128 b, int32_t b_scale);
std::optional<Int128> DecimalRemainder(Int128 a, int32_t a_scale, Int128 b, int32_t b_scale, const Type& result);

}  // namespace quell
