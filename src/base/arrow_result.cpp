#include "base/arrow_result.h"

#include <cerrno>

#include <arrow/util/io_util.h>

#include "base/error_classes.h"
#include "base/one_line.h"

namespace quell {

void ThrowArrow(const arrow::Status& status, const ErrorClass& error_class, std::string_view what) {
  const int error_number = arrow::internal::ErrnoFromStatus(status);
  if (error_number == ENOSPC || error_number == EDQUOT) {
    throw Error(error_class::kDiskFull, "{}: no space left on the device; free some, or set quell.spill.dir", what);
  }
  if (status.IsOutOfMemory()) throw Error(error_class::kOutOfMemory, "{}: {}", what, OneLine(status.message()));
  if (status.IsCancelled()) throw Error(error_class::kOperationCanceled, "{}: cancelled", what);
  throw Error(error_class, "{}: {}", what, OneLine(status.message()));
}

}  // namespace quell
