// Values of nested types as bytes, for keys.
#pragma once

#include <string>
#include <string_view>

#include "data/value.h"

namespace quell::execution {

// Appends a value; equal values have equal bytes.
void AppendValue(const Value& value, std::string* out);
Value ParseValue(std::string_view bytes);

}  // namespace quell::execution
