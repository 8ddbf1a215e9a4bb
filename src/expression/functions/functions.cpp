#include "expression/functions/functions.h"

namespace quell {

void RegisterFunctions(FunctionRegistry& registry) {
  RegisterComparison(registry);
  RegisterConditional(registry);
  RegisterIn(registry);
  RegisterArithmetic(registry);
  RegisterDateTrunc(registry);
  RegisterDateFields(registry);
  RegisterDateArithmetic(registry);
  RegisterMath(registry);
  RegisterRounding(registry);
  RegisterUnary(registry);
  RegisterBits(registry);
  RegisterStruct(registry);
  RegisterCollection(registry);
  RegisterWindow(registry);
  RegisterRegexp(registry);
  RegisterDateFormat(registry);
  RegisterDateMake(registry);
  RegisterTypeNames(registry);
  RegisterEncoding(registry);
  RegisterFormatString(registry);
  RegisterMathIntegers(registry);
  RegisterRandom(registry);
  RegisterNumberText(registry);
  RegisterStringValidity(registry);
  RegisterArrayZip(registry);
  RegisterCurrent(registry);
  RegisterStringCase(registry);
  RegisterStringPart(registry);
  RegisterStringSearch(registry);
  RegisterConcat(registry);
  RegisterLike(registry);
  // After the functions of strings and numbers whose names it shares.
  RegisterArrayFunctions(registry);
}

}  // namespace quell
