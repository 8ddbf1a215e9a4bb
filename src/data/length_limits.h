// The lengths that CHAR(n) and VARCHAR(n) allow. In all else their values are of the type STRING.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/value.h"

namespace quell {

// Stands beside a type, and nests as it does.
struct LengthLimits {
  enum class Kind : uint8_t { kNone, kChar, kVarchar };
  Kind kind = Kind::kNone;
  int32_t max_chars = 0;
  std::vector<LengthLimits> children = {};  // one for each child of the type; none: nothing below is limited

  bool any() const;
};

struct LimitedType {
  Type type;
  LengthLimits limits;
};

// As ParseType, with the limits that the text names.
LimitedType ParseLimitedType(std::string_view text);
// The text of a type with its limits, as Spark's catalog spells it: "struct<a:varchar(3)>".
std::string ToString(const LimitedType& limited);
// Whether no text in a value of the type has more characters than allowed.
bool FitsLimits(const Value& value, const Type& type, const LengthLimits& limits);
// The same of a CHAR or VARCHAR itself.
bool FitsLimits(std::string_view text, const LengthLimits& limits);

}  // namespace quell
