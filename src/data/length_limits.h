// The lengths that CHAR(n) and VARCHAR(n) allow. In all else their values are of the type STRING.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/type.h"

namespace quell {

struct Column;

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
// The text of a type with its limits, which ParseLimitedType reads again. It is spelled as in Spark's catalog, but for
// names in back quotes where they need them: "struct<a:varchar(3),`my b`:int>".
std::string ToString(const LimitedType& limited);
// Whether a text has no more characters than allowed.
bool FitsLimits(std::string_view text, const LengthLimits& limits);
// The same of each text in the rows of a flat or constant column: a byte for each row that it has, 1 where all of them
// fit. NULL fits.
std::vector<uint8_t> FitsLimits(const Column& column, const LengthLimits& limits);

}  // namespace quell
