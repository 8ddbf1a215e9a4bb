// What libparquet says when it throws.
#pragma once

#include <exception>
#include <string>

namespace quell::storage {

// The message in one line, without a break or a point at its end: libparquet's may have several lines.
std::string ExceptionText(const std::exception& exception);

}  // namespace quell::storage
