#include "expression/functions/datetime.h"

namespace quell {

void ThrowDateOverflow(int64_t days) {
  throw Error(error_class::kArithmeticOverflow, "a date of {} days since 1970 is out of range", days);
}

void ThrowTimestampOverflow() {
  throw Error(error_class::kArithmeticOverflow, "a timestamp is out of the range of its microseconds");
}

}  // namespace quell
