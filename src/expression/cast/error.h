// Errors of CAST.
#pragma once

#include <string_view>

#include "base/error_classes.h"
#include "data/type.h"

namespace quell {

[[noreturn]] inline void ThrowInvalidInput(std::string_view text, const Type& from, const Type& to) {
  throw Error(error_class::kCastInvalidInput,
              "the value '{}' of the type {} cannot be cast to {} because it is malformed; use try_cast to get NULL",
              text, from.ToSql(), to.ToSql());
}

[[noreturn]] inline void ThrowCastOverflow(std::string_view value, const Type& from, const Type& to) {
  throw Error(error_class::kCastOverflow,
              "the value {} of the type {} cannot be cast to {} because it overflows; use try_cast to get NULL", value,
              from.ToSql(), to.ToSql());
}

[[noreturn]] inline void ThrowOutOfRange(std::string_view value, const Type& to) {
  throw Error(error_class::kNumericValueOutOfRange, "the value {} does not fit {}", value, to.ToSql());
}

}  // namespace quell
