// The families of scalar functions, one file each; a file registers what it has.
#pragma once

#include "expression/function_registry.h"

namespace quell {

void RegisterFunctions(FunctionRegistry& registry);

void RegisterComparison(FunctionRegistry& registry);
void RegisterConditional(FunctionRegistry& registry);
void RegisterIn(FunctionRegistry& registry);
void RegisterArithmetic(FunctionRegistry& registry);
void RegisterDateTrunc(FunctionRegistry& registry);
void RegisterDateFields(FunctionRegistry& registry);
void RegisterDateArithmetic(FunctionRegistry& registry);
void RegisterCurrent(FunctionRegistry& registry);
void RegisterStringCase(FunctionRegistry& registry);
void RegisterStringPart(FunctionRegistry& registry);
void RegisterStringSearch(FunctionRegistry& registry);
void RegisterConcat(FunctionRegistry& registry);
void RegisterLike(FunctionRegistry& registry);
void RegisterMath(FunctionRegistry& registry);
void RegisterRounding(FunctionRegistry& registry);
void RegisterUnary(FunctionRegistry& registry);
void RegisterBits(FunctionRegistry& registry);
void RegisterStruct(FunctionRegistry& registry);
void RegisterCollection(FunctionRegistry& registry);
void RegisterWindow(FunctionRegistry& registry);
void RegisterRegexp(FunctionRegistry& registry);
void RegisterDateFormat(FunctionRegistry& registry);
void RegisterDateMake(FunctionRegistry& registry);
void RegisterTypeNames(FunctionRegistry& registry);
void RegisterEncoding(FunctionRegistry& registry);
void RegisterFormatString(FunctionRegistry& registry);
void RegisterArrayFunctions(FunctionRegistry& registry);
void RegisterMathIntegers(FunctionRegistry& registry);
void RegisterArrayZip(FunctionRegistry& registry);
void RegisterNumberText(FunctionRegistry& registry);
void RegisterStringValidity(FunctionRegistry& registry);
void RegisterRandom(FunctionRegistry& registry);

}  // namespace quell
