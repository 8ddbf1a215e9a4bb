// The one place where Arrow's Status and Result become our Error.
#pragma once

#include <arrow/result.h>
#include <arrow/status.h>

#include <string_view>
#include <utility>

#include "base/error.h"

namespace quell {

// Throws an Error that begins with `what` (an action with its object, such as "read s3://b/k") when `status` is not OK.
// A full disk, cancellation and lack of memory keep classes of their own; `error_class` is used for all else.
[[noreturn]] void ThrowArrow(const arrow::Status& status, const ErrorClass& error_class, std::string_view what);

inline void Unwrap(const arrow::Status& status, const ErrorClass& error_class, std::string_view what) {
  if (!status.ok()) [[unlikely]]
    ThrowArrow(status, error_class, what);
}

template <typename T>
T Unwrap(arrow::Result<T> result, const ErrorClass& error_class, std::string_view what) {
  if (!result.ok()) [[unlikely]]
    ThrowArrow(result.status(), error_class, what);
  return std::move(result).ValueUnsafe();
}

}  // namespace quell
