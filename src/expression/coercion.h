// Spark's rules for implicit casts, and the types of decimal arithmetic.
#pragma once

#include "base/error.h"
#include "data/schema.h"
#include "data/type.h"
#include "expression/function_registry.h"

namespace quell {

inline constexpr ErrorClass kDataDiffTypes{"DATATYPE_MISMATCH.DATA_DIFF_TYPES", "42K09"};
inline constexpr ErrorClass kBinaryOpDiffTypes{"DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES", "42K09"};
inline constexpr ErrorClass kBinaryOpWrongType{"DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE", "42K09"};

inline constexpr ErrorClass kInvalidOrderingType{"DATATYPE_MISMATCH.INVALID_ORDERING_TYPE", "42K09"};

// Whether values of the type have an order: all but maps, and what holds one.
bool IsOrderable(const Type& type);

// Whether a function that wants `to` takes `from` (Spark's implicitCast).
bool CanCoerce(const Type& from, const Type& to, bool ansi);

// The decimal that holds every value of an integral type; a decimal is itself. Fractional types give DECIMAL(14,7) and
// (30,15).
Type DecimalFor(const Type& type);
// As DecimalFor, but an integral literal counts its own digits: 100 is DECIMAL(3,0).
Type DecimalFor(const Expression& expr);
// DECIMAL(precision, scale), or the nearest that fits 38 digits and keeps at least 6 of the scale (Spark's rule of
// precision loss).
Type AdjustedDecimal(int32_t precision, int32_t scale);
// DECIMAL(min(precision, 38), min(scale, 38)).
Type BoundedDecimal(int32_t precision, int32_t scale);
// The type that both sides of a comparison are cast to; unlike CommonType() it follows the rules of comparisons when
// ANSI is off.
std::optional<Type> ComparisonType(const Type& a, const Type& b, bool ansi);

}  // namespace quell
