#include "base/check.h"

#include "base/error_classes.h"

namespace quell {

void CheckFailed(const char* expression, const char* file, int line) {
  throw Error(error_class::kInternalError, "a check of the engine failed: {} at {}:{}; please report this", expression,
              file, line);
}

}  // namespace quell
