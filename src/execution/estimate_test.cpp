#include <gtest/gtest.h>

#include "execution/plan_testing.h"

namespace quell::execution {
namespace {

constexpr int64_t kRows = 1'000'000;

// Of a global aggregate over that many rows.
int64_t StateBytes(const std::string& name, bool is_distinct) {
  const auto range = RangeOf(kRows);
  ExecutionContext context;
  context.memory = std::make_shared<MemoryBudget>(1 << 20);
  return EstimateSpill(AggregateOf(range, {}, {Bind(name, {ColumnOf(range, 0)}, is_distinct)}), context).state_bytes;
}

TEST(EstimateSpillTest, AGlobalAggregateKeepsTheValuesThatItMustSeeOnce) {
  EXPECT_EQ(StateBytes("count", false), 0);
  EXPECT_EQ(StateBytes("max", true), 0);
  EXPECT_GT(StateBytes("count", true), kRows);
}

}  // namespace
}  // namespace quell::execution
