// What the files of arithmetic share.
#pragma once

#include "expression/functions/binding.h"

namespace quell {

enum class Arithmetic : uint8_t { kAdd, kSubtract, kMultiply, kDivide, kRemainder, kPmod, kWholeDivide };

// What a value that does not fit its type, or a division by zero, becomes.
enum class OverflowMode : uint8_t { kRaise, kNull, kWrap };

inline OverflowMode ModeOf(const FunctionCall& call) {
  return call.settings.ansi ? OverflowMode::kRaise : OverflowMode::kWrap;
}

inline constexpr ErrorClass kBinaryArithmeticOverflow{"BINARY_ARITHMETIC_OVERFLOW", "22003"};
inline constexpr ErrorClass kRemainderByZero{"REMAINDER_BY_ZERO", "22012"};

// Raised without ANSI, too. The suggestion is the try_ form, which sums, products and quotients have; negation and the
// functions that make intervals have none.
inline constexpr ErrorClass kIntervalOverflowWithSuggestion{"INTERVAL_ARITHMETIC_OVERFLOW.WITH_SUGGESTION", "22015"};
inline constexpr ErrorClass kIntervalOverflowWithoutSuggestion{"INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION",
                                                               "22015"};

[[noreturn]] void ThrowOverflow(const char* what, const char* try_name);
[[noreturn]] void ThrowDecimalOverflow(Int128 value, int32_t scale, const Type& type);
[[noreturn]] void ThrowDivideByZero();

// The call over two numbers (of any types), by Spark's rules of coercion; "try_" forms use kNull.
ExprPtr BindNumeric(const FunctionCall& call, Arithmetic op, OverflowMode mode);
// The kernel and result type of `op` over two decimals.
ExprPtr BindDecimal(const FunctionCall& call, Arithmetic op, OverflowMode mode, ExprPtr a, ExprPtr b);
// Arithmetic of dates, timestamps and intervals; nullptr when no argument is one.
ExprPtr BindDatetimeArithmetic(const FunctionCall& call, Arithmetic op, OverflowMode mode);

}  // namespace quell
