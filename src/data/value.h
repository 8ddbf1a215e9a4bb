// One value of any type: literals, partition values, statistics.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "data/type.h"

namespace quell {

using Int128 = __int128;

// How a Value is held, by type:
//   NULL of any type                                        std::monostate
//   BOOLEAN                                                 bool
//   BYTE SHORT INT LONG, DATE (days), TIMESTAMP[_NTZ] (us),
//   intervals (months, us)                                  int64_t
//   FLOAT DOUBLE                                            double
//   DECIMAL                                                 Int128, unscaled
//   STRING BINARY                                           std::string
//   ARRAY (elements), STRUCT (members), MAP (k1, v1, k2 ...) std::vector<Value>
struct Value {
  std::variant<std::monostate, bool, int64_t, double, Int128, std::string, std::vector<Value>> data;

  bool is_null() const { return data.index() == 0; }
  bool operator==(const Value&) const = default;
};

// Order of two values of the same scalar type, neither of them null: negative, 0 or positive. NaN is the largest, as in
// Spark.
int CompareValues(const Value& a, const Value& b);

// As Spark casts to STRING, in the session zone for TIMESTAMP; NULL is "NULL".
std::string FormatValue(const Value& value, const Type& type, const std::string& time_zone = "UTC");

// The unscaled value with its decimal point: (-1234, 2) -> "-12.34".
std::string FormatDecimal(Int128 unscaled, int32_t scale);

}  // namespace quell
