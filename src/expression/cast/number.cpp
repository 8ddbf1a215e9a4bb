// Casts among BOOLEAN and numbers.
#include <cmath>
#include <limits>

#include "data/format.h"
#include "data/visit_type.h"
#include "expression/cast/cast.h"
#include "expression/cast/error.h"
#include "expression/decimal.h"
#include "expression/functions/kernel.h"

namespace quell {

namespace {

template <typename T>
std::string Print(T value, const Type& type) {
  if constexpr (std::is_same_v<T, float>) {
    return FormatFloat(value);
  } else if constexpr (std::is_same_v<T, double>) {
    return FormatDouble(value);
  } else {
    return FormatDecimal(static_cast<Int128>(value), type.scale());
  }
}

// Whether a fraction, rounded towards zero, fits the integer.
template <typename Out, typename In>
bool InRange(In value) {
  // 2^(bits-1) is exact in both float and double.
  const In bound = -static_cast<In>(std::numeric_limits<Out>::min());
  const In whole = std::trunc(value);
  return whole >= -bound && whole < bound;
}

// As Java narrows: NaN is 0, what is too large becomes the largest.
template <typename Out, typename In>
Out Saturate(In value) {
  using Wide = std::conditional_t<sizeof(Out) == 8, int64_t, int32_t>;
  if (std::isnan(value)) return 0;
  if (!InRange<Wide>(value)) {
    return static_cast<Out>(value < 0 ? std::numeric_limits<Wide>::min() : std::numeric_limits<Wide>::max());
  }
  return static_cast<Out>(static_cast<Wide>(value));
}

template <typename Out, typename In>
KernelPtr IntegralToIntegral(const Type& from, const Type& to, CastMode mode) {
  if constexpr (sizeof(Out) >= sizeof(In)) {
    return MakeSafeKernel<Out, In>([](In value) { return static_cast<Out>(value); });
  } else {
    return MakeKernel<Out, In>([=](In value) -> std::optional<Out> {
      const Out narrow = static_cast<Out>(value);
      if (narrow == value || mode == CastMode::kLegacy) return narrow;
      if (mode == CastMode::kTry) return std::nullopt;
      ThrowCastOverflow(Print(value, from), from, to);
    });
  }
}

template <typename Out, typename In>
KernelPtr FractionToIntegral(const Type& from, const Type& to, CastMode mode) {
  return MakeKernel<Out, In>([=](In value) -> std::optional<Out> {
    if (mode == CastMode::kLegacy) return Saturate<Out>(value);
    if (InRange<Out>(value)) return static_cast<Out>(value);
    if (mode == CastMode::kTry) return std::nullopt;
    ThrowCastOverflow(Print(value, from), from, to);
  });
}

template <typename Out, typename In>
KernelPtr DecimalToIntegral(const Type& from, const Type& to, CastMode mode) {
  const Int128 divisor = PowerOfTen(from.scale());
  return MakeKernel<Out, In>([=](In value) -> std::optional<Out> {
    const Int128 whole = static_cast<Int128>(value) / divisor;
    const Out narrow = static_cast<Out>(whole);
    if (narrow == whole || mode == CastMode::kLegacy) return narrow;
    if (mode == CastMode::kTry) return std::nullopt;
    ThrowCastOverflow(Print(value, from), from, to);
  });
}

template <typename Out, typename In>
KernelPtr ToDecimal(const Type& from, const Type& to, CastMode mode) {
  const int32_t from_scale = from.scale();
  const int32_t whole_digits = from.id() == TypeId::kDecimal ? from.precision() - from_scale : 20;
  const bool always_fits = to.precision() - to.scale() >= whole_digits && to.scale() >= from_scale;
  if (always_fits) {
    const Out factor = static_cast<Out>(PowerOfTen(to.scale() - from_scale));
    using Unsigned = std::conditional_t<sizeof(Out) == 8, uint64_t, unsigned __int128>;
    return MakeSafeKernel<Out, In>([factor](In value) {
      return static_cast<Out>(static_cast<Unsigned>(static_cast<Out>(value)) * static_cast<Unsigned>(factor));
    });
  }
  return MakeKernel<Out, In>([=](In value) -> std::optional<Out> {
    const std::optional<Int128> scaled = Rescale(value, from_scale, to.scale());
    if (scaled && FitsPrecision(*scaled, to.precision())) return static_cast<Out>(*scaled);
    if (mode != CastMode::kAnsi) return std::nullopt;
    ThrowOutOfRange(Print(value, from), to);
  });
}

// A fraction's decimal is what its shortest text says (Java's BigDecimal.valueOf).
template <typename Out, typename In>
KernelPtr FractionToDecimal(const Type& to, CastMode mode) {
  return MakeKernel<Out, In>([=](In value) -> std::optional<Out> {
    if (std::isfinite(value)) {
      const std::optional<Int128> unscaled = ParseDecimal(FormatDouble(static_cast<double>(value)), to.scale());
      if (unscaled && FitsPrecision(*unscaled, to.precision())) return static_cast<Out>(*unscaled);
    }
    if (mode != CastMode::kAnsi || !std::isfinite(value)) return std::nullopt;
    ThrowOutOfRange(FormatDouble(value), to);
  });
}

template <typename Out, typename In>
KernelPtr DecimalToFraction(const Type& from) {
  const double divisor = static_cast<double>(PowerOfTen(from.scale()));
  const int32_t scale = from.scale();
  return MakeSafeKernel<Out, In>([=](In value) {
    // Both sides are exact up to 2^53 and 10^22, so the quotient is rounded once.
    constexpr int64_t kExact = int64_t{1} << 53;
    if (value >= -kExact && value <= kExact && scale <= 22)
      return static_cast<Out>(static_cast<double>(value) / divisor);
    return static_cast<Out>(std::strtod(FormatDecimal(value, scale).c_str(), nullptr));
  });
}

template <typename Out, typename In>
KernelPtr Convert(const Type& from, const Type& to, CastMode mode) {
  if constexpr (std::is_same_v<Out, bool>) {
    return MakeSafeKernel<bool, In>([](In value) { return value != 0; });
  } else if (to.id() == TypeId::kDecimal) {
    if constexpr (std::is_floating_point_v<In>) {
      return FractionToDecimal<Out, In>(to, mode);
    } else if constexpr (std::is_integral_v<Out> || std::is_same_v<Out, Int128>) {
      if constexpr (sizeof(Out) >= 8) return ToDecimal<Out, In>(from, to, mode);
    }
  } else if constexpr (std::is_floating_point_v<Out>) {
    if (from.id() != TypeId::kDecimal) return MakeSafeKernel<Out, In>([](In value) { return static_cast<Out>(value); });
    if constexpr (sizeof(In) >= 8) return DecimalToFraction<Out, In>(from);
  } else if constexpr (std::is_same_v<In, bool>) {
    return MakeSafeKernel<Out, bool>([](bool value) { return static_cast<Out>(value); });
  } else if constexpr (std::is_floating_point_v<In>) {
    if constexpr (sizeof(Out) <= 8) return FractionToIntegral<Out, In>(from, to, mode);
  } else if constexpr (sizeof(Out) <= 8) {
    if (from.id() == TypeId::kDecimal) return DecimalToIntegral<Out, In>(from, to, mode);
    if constexpr (sizeof(In) <= 8) return IntegralToIntegral<Out, In>(from, to, mode);
  }
  QUELL_CHECK(false);
}

}  // namespace

KernelPtr CastNumberToNumber(const Type& from, const Type& to, CastMode mode) {
  const auto none = []() -> KernelPtr { QUELL_CHECK(false); };
  return VisitFixedWidth(
      from,
      [&](auto in) {
        return VisitFixedWidth(
            to,
            [&](auto out) -> KernelPtr {
              using In = typename decltype(in)::Native;
              using Out = typename decltype(out)::Native;
              constexpr bool kSimple = decltype(in)::id <= TypeId::kDecimal && decltype(out)::id <= TypeId::kDecimal;
              if constexpr (kSimple) {
                return Convert<Out, In>(from, to, mode);
              } else {
                QUELL_CHECK(false);
              }
            },
            none);
      },
      none);
}

}  // namespace quell
