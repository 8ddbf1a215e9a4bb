#include "expression/aggregates/aggregates.h"

namespace quell {

void RegisterAggregates(FunctionRegistry& registry) {
  RegisterCount(registry);
  RegisterSum(registry);
  RegisterAvg(registry);
  RegisterMinMax(registry);
  RegisterPercentile(registry);
  RegisterStatistics(registry);
  RegisterApproxCountDistinct(registry);
  RegisterPick(registry);
  RegisterBitAggregates(registry);
}

}  // namespace quell
