// The families of aggregate functions, one file each; a file registers what it has.
#pragma once

#include <functional>
#include <optional>

#include "expression/aggregate_function.h"
#include "expression/function_registry.h"

namespace quell {

void RegisterAggregates(FunctionRegistry& registry);

void RegisterCount(FunctionRegistry& registry);
void RegisterSum(FunctionRegistry& registry);
void RegisterAvg(FunctionRegistry& registry);
void RegisterMinMax(FunctionRegistry& registry);
void RegisterPercentile(FunctionRegistry& registry);
void RegisterStatistics(FunctionRegistry& registry);
void RegisterApproxCountDistinct(FunctionRegistry& registry);
void RegisterPick(FunctionRegistry& registry);
void RegisterBitAggregates(FunctionRegistry& registry);

AggregateFunction CountFunction();

// An aggregate as simpler ones that a plan may have already: avg(x) is made of sum(x) and count(x).
struct AggregateParts {
  ExprList calls;
  // The value of the aggregate from the results of `calls`, in their order.
  std::function<ExprPtr(ExprList results)> combine;
};
// nullopt for an aggregate that is not made of others.
std::optional<AggregateParts> SplitAggregate(const AggregateCall& call, const ExpressionSettings& settings);

}  // namespace quell
