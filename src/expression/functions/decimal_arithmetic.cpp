// + - * / % div over decimals. Result types: Spark's DecimalPrecision.
#include <algorithm>

#include "data/visit_type.h"
#include "expression/coercion.h"
#include "expression/decimal.h"
#include "expression/functions/arithmetic.h"

namespace quell {

namespace {

Type ResultType(Arithmetic op, const Type& a, const Type& b) {
  const int32_t p1 = a.precision();
  const int32_t s1 = a.scale();
  const int32_t p2 = b.precision();
  const int32_t s2 = b.scale();
  const int32_t scale = std::max(s1, s2);
  switch (op) {
    case Arithmetic::kAdd:
    case Arithmetic::kSubtract: return AdjustedDecimal(std::max(p1 - s1, p2 - s2) + scale + 1, scale);
    case Arithmetic::kMultiply: return AdjustedDecimal(p1 + p2 + 1, s1 + s2);
    case Arithmetic::kDivide: {
      const int32_t quotient_scale = std::max(6, s1 + p2 + 1);
      return AdjustedDecimal(p1 - s1 + s2 + quotient_scale, quotient_scale);
    }
    case Arithmetic::kRemainder:
    case Arithmetic::kPmod: return AdjustedDecimal(std::min(p1 - s1, p2 - s2) + scale, scale);
    case Arithmetic::kWholeDivide: break;
  }
  return BoundedDecimal(std::max(p1 - s1 + s2, 1), 0);
}

std::optional<Int128> Compute(Arithmetic op, Int128 a, const Type& a_type, Int128 b, const Type& b_type,
                              const Type& result) {
  const int32_t s1 = a_type.scale();
  const int32_t s2 = b_type.scale();
  switch (op) {
    case Arithmetic::kAdd: return AddDecimals(a, s1, b, s2, result);
    case Arithmetic::kSubtract: return AddDecimals(a, s1, -b, s2, result);
    case Arithmetic::kMultiply: return MultiplyDecimals(a, s1, b, s2, result);
    case Arithmetic::kDivide: return DivideDecimals(a, s1, b, s2, result);
    case Arithmetic::kRemainder: return DecimalRemainder(a, s1, b, s2, result);
    case Arithmetic::kPmod: {
      const auto remainder = DecimalRemainder(a, s1, b, s2, result);
      if (!remainder || *remainder >= 0) return remainder;
      const auto sum = AddDecimals(*remainder, result.scale(), b, s2, Type::Decimal(38, result.scale()));
      return sum ? DecimalRemainder(*sum, result.scale(), b, s2, result) : sum;
    }
    case Arithmetic::kWholeDivide: break;
  }
  return DivideDecimalsWhole(a, s1, b, s2);
}

// What happens to a row without a result.
template <typename T>
std::optional<T> Fail(Arithmetic op, OverflowMode mode, Int128 a, const Type& a_type, const Type& result) {
  if (mode != OverflowMode::kRaise) return std::nullopt;
  if (op == Arithmetic::kWholeDivide) ThrowOverflow("long", "try_divide");
  ThrowDecimalOverflow(a, a_type.scale(), result);
}

template <typename Out, typename A, typename B>
Column ComputeColumn(Arithmetic op, OverflowMode mode, std::span<const Column> arguments, const Rows& rows,
                     const Type& result) {
  const Type& a_type = arguments[0].type;
  const Type& b_type = arguments[1].type;
  const bool divides = op != Arithmetic::kAdd && op != Arithmetic::kSubtract && op != Arithmetic::kMultiply;
  return MapRows<Out, A, B>(arguments, rows, result, [&](A a, B b) -> std::optional<Out> {
    if (divides && b == 0) {
      if (mode != OverflowMode::kRaise) return std::nullopt;
      if (op == Arithmetic::kRemainder || op == Arithmetic::kPmod) throw Error(kRemainderByZero, "remainder by zero");
      ThrowDivideByZero();
    }
    const std::optional<Int128> value = Compute(op, a, a_type, b, b_type, result);
    if (!value || (result.id() == TypeId::kLong && *value != static_cast<int64_t>(*value))) {
      return Fail<Out>(op, mode, a, a_type, result);
    }
    return static_cast<Out>(*value);
  });
}

// + - * whose exact result fits 64 bits, which the result type promises. The loop is dense and cannot fail.
Column ComputeShort(Arithmetic op, std::span<const Column> arguments, const Rows& rows, const Type& result) {
  const auto factor = [&](const Column& column) {
    return static_cast<int64_t>(PowerOfTen(std::max(0, result.scale() - column.type.scale())));
  };
  FixedWriter<int64_t> writer(rows.num_rows, rows.selection != nullptr);
  int64_t* out = writer.values();
  const Reader<int64_t> a(arguments[0]);
  const Reader<int64_t> b(arguments[1]);
  const auto wrap = [](int64_t value) { return static_cast<uint64_t>(value); };
  if (op == Arithmetic::kMultiply) {
    rows.ForEach([&](int64_t row) { out[row] = static_cast<int64_t>(wrap(a[row]) * wrap(b[row])); });
    return writer.Finish(result);
  }
  const uint64_t a_factor = wrap(factor(arguments[0]));
  const uint64_t b_factor = wrap(op == Arithmetic::kSubtract ? -factor(arguments[1]) : factor(arguments[1]));
  rows.ForEach(
      [&](int64_t row) { out[row] = static_cast<int64_t>(wrap(a[row]) * a_factor + wrap(b[row]) * b_factor); });
  return writer.Finish(result);
}

KernelPtr MakeKernelOf(Arithmetic op, OverflowMode mode, const Type& a, const Type& b, const Type& result) {
  ScalarKernel kernel;
  kernel.variant = std::string(1, static_cast<char>('0' + static_cast<int>(mode)));
  const bool is_sum = op == Arithmetic::kAdd || op == Arithmetic::kSubtract;
  const bool exact = (is_sum && result.scale() == std::max(a.scale(), b.scale())) ||
                     (op == Arithmetic::kMultiply && result.scale() == a.scale() + b.scale());
  if (exact && a.is_short_decimal() && b.is_short_decimal() && result.is_short_decimal()) {
    kernel.skips_nulls = false;
    kernel.compute = [op](std::span<const Column> arguments, const Rows& rows, const Type& type) {
      return ComputeShort(op, arguments, rows, type);
    };
    return std::make_shared<const ScalarKernel>(std::move(kernel));
  }
  kernel.compute = [op, mode](std::span<const Column> arguments, const Rows& rows, const Type& type) {
    const bool a_short = arguments[0].type.is_short_decimal();
    const bool b_short = arguments[1].type.is_short_decimal();
    const auto compute = [&]<typename Out>(Out) {
      if (a_short && b_short) return ComputeColumn<Out, int64_t, int64_t>(op, mode, arguments, rows, type);
      if (a_short) return ComputeColumn<Out, int64_t, Int128>(op, mode, arguments, rows, type);
      if (b_short) return ComputeColumn<Out, Int128, int64_t>(op, mode, arguments, rows, type);
      return ComputeColumn<Out, Int128, Int128>(op, mode, arguments, rows, type);
    };
    const bool out_short = type.id() == TypeId::kLong || type.is_short_decimal();
    return out_short ? compute(int64_t{}) : compute(Int128{});
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

}  // namespace

ExprPtr BindDecimal(const FunctionCall& call, Arithmetic op, OverflowMode mode, ExprPtr a, ExprPtr b) {
  a = ImplicitCast(a, DecimalFor(*a), call.settings);
  b = ImplicitCast(b, DecimalFor(*b), call.settings);
  const Type decimal = ResultType(op, a->type(), b->type());
  const Type result = op == Arithmetic::kWholeDivide ? Type(TypeId::kLong) : decimal;
  KernelPtr kernel = MakeKernelOf(op, mode, a->type(), b->type(), result);
  // A decimal never wraps around: it becomes NULL.
  return MakeCall(call, result, {std::move(a), std::move(b)}, std::move(kernel), mode != OverflowMode::kRaise);
}

}  // namespace quell
