// The families of scalar functions, one file each; a file registers what it has.
#pragma once

#include "expression/function_registry.h"

namespace quell {

void RegisterFunctions(FunctionRegistry& registry);

void RegisterComparison(FunctionRegistry& registry);
void RegisterConditional(FunctionRegistry& registry);
void RegisterIn(FunctionRegistry& registry);
void RegisterArithmetic(FunctionRegistry& registry);

}  // namespace quell
