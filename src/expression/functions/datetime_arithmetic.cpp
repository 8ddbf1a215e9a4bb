// + - * / over dates, timestamps and intervals.
#include "data/civil.h"
#include "expression/functions/arithmetic.h"

namespace quell {

ExprPtr BindDatetimeArithmetic(const FunctionCall& call, Arithmetic op, OverflowMode) {
  (void)call;
  (void)op;
  return nullptr;
}

}  // namespace quell
