// The one place that dispatches on a type, outside of loops.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "data/type.h"
#include "data/value.h"

namespace quell {

// Tells a generic lambda the type: `Native` is how one value stands in Arrow memory.
template <TypeId kId, typename NativeType>
struct TypeTag {
  static constexpr TypeId id = kId;
  using Native = NativeType;
};

// Calls `visit(TypeTag<...>{})` for a type with fixed-width values in one buffer (BOOLEAN is visited as bool, and is
// bits in memory). Calls `otherwise()` for STRING, BINARY, VOID and nested types.
template <typename Visitor, typename Otherwise>
decltype(auto) VisitFixedWidth(const Type& type, Visitor&& visit, Otherwise&& otherwise) {
  switch (type.id()) {
    case TypeId::kBoolean: return visit(TypeTag<TypeId::kBoolean, bool>{});
    case TypeId::kByte: return visit(TypeTag<TypeId::kByte, int8_t>{});
    case TypeId::kShort: return visit(TypeTag<TypeId::kShort, int16_t>{});
    case TypeId::kInt: return visit(TypeTag<TypeId::kInt, int32_t>{});
    case TypeId::kLong: return visit(TypeTag<TypeId::kLong, int64_t>{});
    case TypeId::kFloat: return visit(TypeTag<TypeId::kFloat, float>{});
    case TypeId::kDouble: return visit(TypeTag<TypeId::kDouble, double>{});
    case TypeId::kDecimal:
      if (type.is_short_decimal()) return visit(TypeTag<TypeId::kDecimal, int64_t>{});
      return visit(TypeTag<TypeId::kDecimal, Int128>{});
    case TypeId::kDate: return visit(TypeTag<TypeId::kDate, int32_t>{});
    case TypeId::kTimestamp: return visit(TypeTag<TypeId::kTimestamp, int64_t>{});
    case TypeId::kTimestampNtz: return visit(TypeTag<TypeId::kTimestampNtz, int64_t>{});
    case TypeId::kYearMonthInterval: return visit(TypeTag<TypeId::kYearMonthInterval, int32_t>{});
    case TypeId::kDayTimeInterval: return visit(TypeTag<TypeId::kDayTimeInterval, int64_t>{});
    default: return otherwise();
  }
}

// As above, and strings and binary as std::string_view; `otherwise()` is left with VOID and nested types.
template <typename Visitor, typename Otherwise>
decltype(auto) VisitType(const Type& type, Visitor&& visit, Otherwise&& otherwise) {
  switch (type.id()) {
    case TypeId::kString: return visit(TypeTag<TypeId::kString, std::string_view>{});
    case TypeId::kBinary: return visit(TypeTag<TypeId::kBinary, std::string_view>{});
    default: return VisitFixedWidth(type, visit, otherwise);
  }
}

}  // namespace quell
