// Checks for bugs of our own. What a user can cause is an Error instead.
#pragma once

#include "base/error.h"

namespace quell {

[[noreturn]] void CheckFailed(const char* expression, const char* file, int line);

}  // namespace quell

// A macro, since a function cannot name the expression that failed.
#define QUELL_CHECK(expression) \
  (__builtin_expect(static_cast<bool>(expression), 1) ? (void)0 : ::quell::CheckFailed(#expression, __FILE__, __LINE__))
