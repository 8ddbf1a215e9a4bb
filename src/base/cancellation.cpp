#include "base/cancellation.h"

#include "base/error_classes.h"

namespace quell {

void CancelToken::ThrowIfCancelled() const {
  if (cancelled()) throw Error(error_class::kOperationCanceled, "the statement was cancelled");
}

}  // namespace quell
