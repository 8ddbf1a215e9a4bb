#include "expression/functions/functions.h"

namespace quell {

void RegisterFunctions(FunctionRegistry& registry) {
  RegisterComparison(registry);
  RegisterConditional(registry);
  RegisterIn(registry);
  RegisterArithmetic(registry);
}

}  // namespace quell
