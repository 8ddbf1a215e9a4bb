// + - * / % div and their try_ forms over numbers.
#include "expression/functions/arithmetic.h"

#include <cmath>
#include <type_traits>

#include "data/visit_type.h"
#include "expression/coercion.h"
#include "expression/decimal.h"
#include "expression/functions/functions.h"

namespace quell {

namespace {

struct Add {
  template <typename T>
  static bool Overflows(T a, T b, T* out) {
    return __builtin_add_overflow(a, b, out);
  }
  // The sign bit of `overflow` is set when the result wrapped around.
  template <typename T>
  static T Wrap(T a, T b, T& overflow) {
    using U = std::make_unsigned_t<T>;
    const T sum = static_cast<T>(static_cast<U>(a) + static_cast<U>(b));
    overflow |= static_cast<T>((a ^ sum) & (b ^ sum));
    return sum;
  }
  template <typename T>
  static T Float(T a, T b) {
    return a + b;
  }
  static constexpr const char* kTry = "try_add";
};

struct Subtract {
  template <typename T>
  static bool Overflows(T a, T b, T* out) {
    return __builtin_sub_overflow(a, b, out);
  }
  template <typename T>
  static T Wrap(T a, T b, T& overflow) {
    using U = std::make_unsigned_t<T>;
    const T difference = static_cast<T>(static_cast<U>(a) - static_cast<U>(b));
    overflow |= static_cast<T>((a ^ b) & (a ^ difference));
    return difference;
  }
  template <typename T>
  static T Float(T a, T b) {
    return a - b;
  }
  static constexpr const char* kTry = "try_subtract";
};

struct Multiply {
  template <typename T>
  static bool Overflows(T a, T b, T* out) {
    return __builtin_mul_overflow(a, b, out);
  }
  template <typename T>
  static T Wrap(T a, T b, T& overflow) {
    T product;
    overflow |= __builtin_mul_overflow(a, b, &product) ? std::numeric_limits<T>::min() : T{0};
    return product;
  }
  template <typename T>
  static T Float(T a, T b) {
    return a * b;
  }
  static constexpr const char* kTry = "try_multiply";
};

const char* NameOf(TypeId id) {
  switch (id) {
    case TypeId::kByte: return "tinyint";
    case TypeId::kShort: return "smallint";
    case TypeId::kInt: return "integer";
    default: return "long";
  }
}

[[noreturn]] void ThrowIntegralOverflow(const Type& type, const char* try_name) {
  const bool is_small = type.id() == TypeId::kByte || type.id() == TypeId::kShort;
  if (!is_small) ThrowOverflow(NameOf(type.id()), try_name);
  throw Error(kBinaryArithmeticOverflow, "{} overflow; use {} to get NULL instead", NameOf(type.id()), try_name);
}

// Calls f(x, y) with accessors of both sides, such that the loop over them vectorizes.
template <typename T, typename F>
void WithSides(std::span<const Column> arguments, F&& f) {
  const T* a = arguments[0].values<T>();
  const T* b = arguments[1].values<T>();
  if (arguments[1].encoding == Encoding::kConstant) {
    f([a](int64_t row) { return a[row]; }, [constant = *b](int64_t) { return constant; });
  } else if (arguments[0].encoding == Encoding::kConstant) {
    f([constant = *a](int64_t) { return constant; }, [b](int64_t row) { return b[row]; });
  } else {
    f([a](int64_t row) { return a[row]; }, [b](int64_t row) { return b[row]; });
  }
}

// Rows are computed densely, whether selected or not. Only when some row wrapped around are those looked at that count.
template <typename Op, typename T>
Column ComputeIntegral(std::span<const Column> arguments, const Rows& rows, const Type& result, OverflowMode mode) {
  FixedWriter<T> writer(rows.num_rows, false);
  T* out = writer.values();
  T overflow = 0;
  const bool all_constant =
      arguments[0].encoding == Encoding::kConstant && arguments[1].encoding == Encoding::kConstant;
  WithSides<T>(arguments, [&](auto a, auto b) {
    const int64_t count = all_constant ? 1 : rows.num_rows;
    for (int64_t row = 0; row < count; ++row) out[row] = Op::template Wrap<T>(a(row), b(row), overflow);
  });
  if (overflow < 0 && mode != OverflowMode::kWrap) {
    const Reader<T> a(arguments[0]);
    const Reader<T> b(arguments[1]);
    const ValidityReader a_valid(arguments[0]);
    const ValidityReader b_valid(arguments[1]);
    rows.ForEach([&](int64_t row) {
      T ignored;
      if (!a_valid[row] || !b_valid[row] || !Op::template Overflows<T>(a[row], b[row], &ignored)) return;
      if (mode == OverflowMode::kRaise) ThrowIntegralOverflow(result, Op::kTry);
      writer.SetNull(row);
    });
  }
  return writer.Finish(result);
}

template <typename Op, typename T>
Column ComputeFloat(std::span<const Column> arguments, const Rows& rows, const Type& result) {
  FixedWriter<T> writer(rows.num_rows, false);
  T* out = writer.values();
  WithSides<T>(arguments, [&](auto a, auto b) {
    for (int64_t row = 0; row < rows.num_rows; ++row) out[row] = Op::template Float<T>(a(row), b(row));
  });
  return writer.Finish(result);
}

template <typename Op>
KernelPtr MakeWrapKernel(OverflowMode mode) {
  ScalarKernel kernel;
  kernel.skips_nulls = false;
  kernel.variant = std::string(1, static_cast<char>('0' + static_cast<int>(mode)));
  kernel.compute = [mode](std::span<const Column> arguments, const Rows& rows, const Type& result) {
    switch (result.id()) {
      case TypeId::kByte: return ComputeIntegral<Op, int8_t>(arguments, rows, result, mode);
      case TypeId::kShort: return ComputeIntegral<Op, int16_t>(arguments, rows, result, mode);
      case TypeId::kInt: return ComputeIntegral<Op, int32_t>(arguments, rows, result, mode);
      case TypeId::kLong: return ComputeIntegral<Op, int64_t>(arguments, rows, result, mode);
      case TypeId::kFloat: return ComputeFloat<Op, float>(arguments, rows, result);
      default: return ComputeFloat<Op, double>(arguments, rows, result);
    }
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

// a / b, a % b, pmod(a, b) and a div b; zero is never the divisor of an integer.
template <Arithmetic kOp, typename T>
T Quotient(T a, T b) {
  if constexpr (kOp == Arithmetic::kDivide) {
    return a / b;
  } else if constexpr (std::is_floating_point_v<T>) {
    const T remainder = std::fmod(a, b);
    return kOp == Arithmetic::kPmod && remainder < 0 ? std::fmod(remainder + b, b) : remainder;
  } else {
    if (b == -1)
      return kOp == Arithmetic::kWholeDivide ? static_cast<T>(0 - static_cast<std::make_unsigned_t<T>>(a)) : T{0};
    if (kOp == Arithmetic::kWholeDivide) return a / b;
    const T remainder = a % b;
    if (kOp == Arithmetic::kPmod && remainder < 0) {
      return static_cast<T>((static_cast<std::conditional_t<sizeof(T) == 8, Int128, int64_t>>(remainder) + b) % b);
    }
    return remainder;
  }
}

template <Arithmetic kOp, typename T>
Column ComputeQuotient(std::span<const Column> arguments, const Rows& rows, const Type& result, OverflowMode mode) {
  return MapRows<T, T, T>(arguments, rows, result, [mode](T a, T b) -> std::optional<T> {
    if (b == 0) {
      if (mode != OverflowMode::kRaise) return std::nullopt;
      if (kOp == Arithmetic::kRemainder || kOp == Arithmetic::kPmod) {
        throw Error(kRemainderByZero, "remainder by zero; use try_mod to get NULL instead");
      }
      ThrowDivideByZero();
    }
    if constexpr (kOp == Arithmetic::kWholeDivide && std::is_integral_v<T>) {
      if (b == -1 && a == std::numeric_limits<T>::min() && mode != OverflowMode::kWrap) {
        if (mode == OverflowMode::kNull) return std::nullopt;
        ThrowOverflow(NameOf(TypeId::kLong), "try_divide");
      }
    }
    return Quotient<kOp, T>(a, b);
  });
}

template <Arithmetic kOp>
KernelPtr MakeQuotientKernel(OverflowMode mode) {
  ScalarKernel kernel;
  kernel.variant = std::string(1, static_cast<char>('0' + static_cast<int>(mode)));
  kernel.compute = [mode](std::span<const Column> arguments, const Rows& rows, const Type& result) {
    if constexpr (kOp == Arithmetic::kDivide) {
      return ComputeQuotient<kOp, double>(arguments, rows, result, mode);
    } else if constexpr (kOp == Arithmetic::kWholeDivide) {
      return ComputeQuotient<kOp, int64_t>(arguments, rows, result, mode);
    } else {
      switch (result.id()) {
        case TypeId::kByte: return ComputeQuotient<kOp, int8_t>(arguments, rows, result, mode);
        case TypeId::kShort: return ComputeQuotient<kOp, int16_t>(arguments, rows, result, mode);
        case TypeId::kInt: return ComputeQuotient<kOp, int32_t>(arguments, rows, result, mode);
        case TypeId::kLong: return ComputeQuotient<kOp, int64_t>(arguments, rows, result, mode);
        case TypeId::kFloat: return ComputeQuotient<kOp, float>(arguments, rows, result, mode);
        default: return ComputeQuotient<kOp, double>(arguments, rows, result, mode);
      }
    }
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

KernelPtr KernelOf(Arithmetic op, OverflowMode mode) {
  switch (op) {
    case Arithmetic::kAdd: return MakeWrapKernel<Add>(mode);
    case Arithmetic::kSubtract: return MakeWrapKernel<Subtract>(mode);
    case Arithmetic::kMultiply: return MakeWrapKernel<Multiply>(mode);
    case Arithmetic::kDivide: return MakeQuotientKernel<Arithmetic::kDivide>(mode);
    case Arithmetic::kRemainder: return MakeQuotientKernel<Arithmetic::kRemainder>(mode);
    case Arithmetic::kPmod: return MakeQuotientKernel<Arithmetic::kPmod>(mode);
    case Arithmetic::kWholeDivide: break;
  }
  return MakeQuotientKernel<Arithmetic::kWholeDivide>(mode);
}

// A number beside a string makes it BIGINT or DOUBLE; without ANSI it becomes DOUBLE, or DECIMAL's neighbour.
ExprPtr NumericSide(const FunctionCall& call, const ExprPtr& side, const ExprPtr& other) {
  const Type& type = side->type();
  if (type.is_numeric()) return side;
  if (type.id() == TypeId::kNull) return side;
  if (type.id() == TypeId::kString) {
    const bool whole = call.settings.ansi && other->type().is_integral();
    if (call.settings.ansi && other->type().id() == TypeId::kString) {
      throw Error(kBinaryOpWrongType, call.location, "{} needs numbers, not STRING and STRING", call.name);
    }
    return ImplicitCast(side, Type(whole ? TypeId::kLong : TypeId::kDouble), call.settings);
  }
  // A string would become of this type, which has no arithmetic.
  const bool wrong = other->type() == type || other->type().id() == TypeId::kString;
  throw Error(wrong ? kBinaryOpWrongType : kBinaryOpDiffTypes, call.location, "{} does not take {} and {}", call.name,
              call.arguments[0]->type().ToSql(), call.arguments[1]->type().ToSql());
}

FunctionBinder BindArithmetic(const char* name, Arithmetic op, bool is_try) {
  return [=](const FunctionCall& call) -> ExprPtr {
    CheckArity(call, 2, 2);
    const OverflowMode mode = is_try ? OverflowMode::kNull : ModeOf(call);
    const FunctionCall named{name, call.arguments, call.location, call.settings};
    if (ExprPtr datetime = BindDatetimeArithmetic(named, op, mode)) return datetime;
    return BindNumeric(named, op, mode);
  };
}

}  // namespace

void ThrowOverflow(const char* what, const char* try_name) {
  throw Error(error_class::kArithmeticOverflow, "{} overflow; use {} to get NULL instead", what, try_name);
}

void ThrowDecimalOverflow(Int128 value, int32_t scale, const Type& type) {
  throw Error(error_class::kNumericValueOutOfRange, "{} does not fit {}", FormatDecimal(value, scale), type.ToSql());
}

void ThrowDivideByZero() {
  throw Error(error_class::kDivideByZero, "division by zero; use try_divide to get NULL instead");
}

ExprPtr BindNumeric(const FunctionCall& call, Arithmetic op, OverflowMode mode) {
  ExprPtr a = NumericSide(call, call.arguments[0], call.arguments[1]);
  ExprPtr b = NumericSide(call, call.arguments[1], call.arguments[0]);
  const bool is_division = op == Arithmetic::kDivide || op == Arithmetic::kWholeDivide;
  if (a->type().id() == TypeId::kNull && b->type().id() == TypeId::kNull) {
    a = ImplicitCast(a, Type(TypeId::kDouble), call.settings);
  }
  if (a->type().id() == TypeId::kNull) a = ImplicitCast(a, b->type(), call.settings);
  if (b->type().id() == TypeId::kNull) b = ImplicitCast(b, a->type(), call.settings);
  const bool any_decimal = a->type().id() == TypeId::kDecimal || b->type().id() == TypeId::kDecimal;
  const bool any_fractional = a->type().is_fractional() || b->type().is_fractional();
  if (any_decimal && !any_fractional) return BindDecimal(call, op, mode, std::move(a), std::move(b));
  Type type(TypeId::kDouble);
  if (op == Arithmetic::kWholeDivide) {
    if (any_fractional) {
      throw Error(kBinaryOpWrongType, call.location, "div needs whole numbers, not {} and {}", a->type().ToSql(),
                  b->type().ToSql());
    }
    type = Type(TypeId::kLong);
  } else if (op != Arithmetic::kDivide) {
    type = *CommonType(a->type(), b->type(), call.settings.ansi);
  }
  a = ImplicitCast(std::move(a), type, call.settings);
  b = ImplicitCast(std::move(b), type, call.settings);
  const bool may_be_null = mode == OverflowMode::kNull || (is_division && mode != OverflowMode::kRaise) ||
                           ((op == Arithmetic::kRemainder || op == Arithmetic::kPmod) && mode != OverflowMode::kRaise);
  return MakeCall(call, type, {std::move(a), std::move(b)}, KernelOf(op, mode), may_be_null);
}

void RegisterArithmetic(FunctionRegistry& registry) {
  struct Entry {
    const char* name;
    const char* canonical;
    Arithmetic op;
    bool is_try;
  };
  constexpr Entry kEntries[] = {
      {"+", "+", Arithmetic::kAdd, false},
      {"-", "-", Arithmetic::kSubtract, false},
      {"*", "*", Arithmetic::kMultiply, false},
      {"/", "/", Arithmetic::kDivide, false},
      {"%", "%", Arithmetic::kRemainder, false},
      {"mod", "%", Arithmetic::kRemainder, false},
      {"pmod", "pmod", Arithmetic::kPmod, false},
      {"div", "div", Arithmetic::kWholeDivide, false},
      {"try_add", "try_add", Arithmetic::kAdd, true},
      {"try_subtract", "try_subtract", Arithmetic::kSubtract, true},
      {"try_multiply", "try_multiply", Arithmetic::kMultiply, true},
      {"try_divide", "try_divide", Arithmetic::kDivide, true},
      {"try_mod", "try_mod", Arithmetic::kRemainder, true},
  };
  for (const Entry& entry : kEntries) {
    registry.Add(entry.name, BindArithmetic(entry.canonical, entry.op, entry.is_try));
  }
}

}  // namespace quell
