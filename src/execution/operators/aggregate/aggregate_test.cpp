#include "execution/operators/aggregate/aggregate.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/error_classes.h"
#include "execution/plan_testing.h"

namespace quell::execution {
namespace {

constexpr int64_t kTinyBudget = 8 << 20;

int64_t NumberOf(const Value& value) { return std::get<int64_t>(value.data); }

// A number that looks random, the same for the engine and the test: (id * 7919 + 13) % modulus.
ExprPtr Scattered(const ExprPtr& id, int64_t modulus) {
  return Bind("%", {Bind("+", {Bind("*", {id, Long(7919)}), Long(13)}), Long(modulus)});
}
int64_t Scattered(int64_t id, int64_t modulus) { return (id * 7919 + 13) % modulus; }

struct Totals {
  int64_t count = 0;
  int64_t sum = 0;
  int64_t min = INT64_MAX;
  int64_t max = INT64_MIN;
};

struct Case {
  const char* name;
  int64_t rows;
  int64_t groups;
  bool string_key;
  RunOptions options;
  bool must_spill = false;
};

class GroupedAggregate : public testing::TestWithParam<Case> {};

TEST_P(GroupedAggregate, EqualsReference) {
  const Case& c = GetParam();
  const auto range = RangeOf(c.rows);
  const ExprPtr id = ColumnOf(range, 0);
  ExprPtr key = Scattered(id, c.groups);
  if (c.string_key) key = CastTo(key, Type(TypeId::kString));
  const auto plan =
      AggregateOf(range, {key}, {Bind("count", {}), Bind("sum", {id}), Bind("min", {id}), Bind("max", {id})});
  const RunResult result = RunPlan(plan, c.options);

  std::map<int64_t, Totals> expected;
  for (int64_t row = 0; row < c.rows; ++row) {
    Totals& totals = expected[Scattered(row, c.groups)];
    ++totals.count;
    totals.sum += row;
    totals.min = std::min(totals.min, row);
    totals.max = std::max(totals.max, row);
  }
  ASSERT_EQ(result.rows.size(), expected.size());
  for (const Row& row : result.rows) {
    const int64_t group = c.string_key ? std::stoll(std::get<std::string>(row[0].data)) : NumberOf(row[0]);
    const Totals& totals = expected.at(group);
    ASSERT_EQ(NumberOf(row[1]), totals.count);
    ASSERT_EQ(NumberOf(row[2]), totals.sum);
    ASSERT_EQ(NumberOf(row[3]), totals.min);
    ASSERT_EQ(NumberOf(row[4]), totals.max);
  }
  if (c.must_spill) {
    EXPECT_GT(result.bytes_spilled, 0);
    // Each thread may take a little in any case.
    EXPECT_LT(result.peak_reserved_bytes, c.options.memory_bytes + (4 << 20));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Aggregate, GroupedAggregate,
    testing::Values(Case{"FewGroups", 300'000, 100, false, {}}, Case{"FewStrings", 100'000, 50, true, {}},
                    Case{"ManyGroups", 500'000, 300'000, false, {}},
                    Case{"ManyGroupsOneThread", 500'000, 300'000, false, {.num_threads = 1}},
                    Case{"ManyStrings", 300'000, 200'000, true, {}},
                    Case{"FewGroupsTinyBudget", 300'000, 100, false, {.memory_bytes = kTinyBudget}},
                    Case{"Spilling", 600'000, 500'000, false, {.memory_bytes = kTinyBudget}, true},
                    Case{"SpillingStrings", 400'000, 300'000, true, {.memory_bytes = kTinyBudget}, true},
                    Case{"SpillingAgain", 120'000, 100'000, true, {.memory_bytes = 1 << 20}, true}),
    [](const auto& info) { return info.param.name; });

TEST(Aggregate, WithoutRowsAndKeysGivesOneRow) {
  const auto range = RangeOf(0);
  const RunResult result = RunPlan(AggregateOf(range, {}, {Bind("count", {}), Bind("sum", {ColumnOf(range, 0)})}));
  ASSERT_EQ(result.rows.size(), 1u);
  EXPECT_EQ(NumberOf(result.rows[0][0]), 0);
  EXPECT_TRUE(result.rows[0][1].is_null());
  EXPECT_TRUE(RunPlan(AggregateOf(range, {ColumnOf(range, 0)}, {Bind("count", {})})).rows.empty());
}

TEST(Aggregate, NullIsAGroup) {
  const auto range = RangeOf(1000);
  const ExprPtr id = ColumnOf(range, 0);
  const ExprPtr key = std::make_shared<quell::Case>(
      Type(TypeId::kLong), ExprList{Bind(">", {Bind("%", {id, Long(4)}), Long(0)}), Bind("%", {id, Long(4)})});
  RunResult result = RunPlan(AggregateOf(range, {key, CastTo(key, Type(TypeId::kString))}, {Bind("count", {})}));
  SortRows(&result.rows, 1);
  ASSERT_EQ(result.rows.size(), 4u);
  EXPECT_TRUE(result.rows[0][0].is_null());
  EXPECT_TRUE(result.rows[0][1].is_null());
  EXPECT_EQ(NumberOf(result.rows[0][2]), 250);
}

TEST(Aggregate, FilterChoosesRows) {
  const auto range = RangeOf(10'000);
  const ExprPtr id = ColumnOf(range, 0);
  const auto even = Bind("=", {Bind("%", {id, Long(2)}), Long(0)});
  const auto none = Bind("<", {id, Long(0)});
  RunResult result = RunPlan(AggregateOf(
      range, {Bind("%", {id, Long(2)})},
      {Bind("count", {}, false, even), Bind("sum", {id}, false, none), Bind("count", {}), Bind("count", {})}));
  SortRows(&result.rows, 1);
  ASSERT_EQ(result.rows.size(), 2u);
  EXPECT_EQ(NumberOf(result.rows[0][1]), 5000);
  EXPECT_EQ(NumberOf(result.rows[1][1]), 0);
  EXPECT_TRUE(result.rows[0][2].is_null());
  EXPECT_EQ(NumberOf(result.rows[1][4]), 5000);
}

class DistinctAggregate : public testing::TestWithParam<int64_t> {};

TEST_P(DistinctAggregate, CountsEachValueOnce) {
  constexpr int64_t kRows = 200'000;
  const auto range = RangeOf(kRows);
  const ExprPtr id = ColumnOf(range, 0);
  const ExprPtr key = Bind("%", {id, Long(3)});
  const ExprPtr a = Scattered(id, 50'000);
  const ExprPtr b = Scattered(id, 17);
  const auto odd = Bind("=", {Bind("%", {id, Long(2)}), Long(1)});
  RunResult result = RunPlan(AggregateOf(range, {key},
                                         {Bind("count", {a}, true), Bind("sum", {id}), Bind("count", {b}, true),
                                          Bind("count", {a}, true, odd), Bind("count", {}), Bind("sum", {b}, true)}),
                             {.memory_bytes = GetParam()});
  SortRows(&result.rows, 1);
  ASSERT_EQ(result.rows.size(), 3u);
  for (int64_t group = 0; group < 3; ++group) {
    std::set<int64_t> all_a, all_b, odd_a;
    int64_t sum = 0, count = 0, sum_b = 0;
    for (int64_t row = group; row < kRows; row += 3) {
      all_a.insert(Scattered(row, 50'000));
      all_b.insert(Scattered(row, 17));
      if (row % 2 == 1) odd_a.insert(Scattered(row, 50'000));
      sum += row;
      ++count;
    }
    for (const int64_t value : all_b) sum_b += value;
    const Row& row = result.rows[group];
    EXPECT_EQ(NumberOf(row[1]), static_cast<int64_t>(all_a.size()));
    EXPECT_EQ(NumberOf(row[2]), sum);
    EXPECT_EQ(NumberOf(row[3]), static_cast<int64_t>(all_b.size()));
    EXPECT_EQ(NumberOf(row[4]), static_cast<int64_t>(odd_a.size()));
    EXPECT_EQ(NumberOf(row[5]), count);
    EXPECT_EQ(NumberOf(row[6]), sum_b);
  }
}

INSTANTIATE_TEST_SUITE_P(Aggregate, DistinctAggregate, testing::Values(int64_t{1} << 30, kTinyBudget),
                         [](const auto& info) { return info.param == kTinyBudget ? "TinyBudget" : "InMemory"; });

TEST(Aggregate, DistinctRowsOfSeveralKeys) {
  const auto range = RangeOf(100'000);
  const ExprPtr id = ColumnOf(range, 0);
  const RunResult result =
      RunPlan(AggregateOf(range,
                          {Bind("%", {id, Long(7)}), CastTo(Bind("%", {id, Long(5)}), Type(TypeId::kDouble)),
                           Bind("=", {Bind("%", {id, Long(2)}), Long(0)})},
                          {}));
  EXPECT_EQ(result.rows.size(), 70u);
}

// Several aggregates of one column are computed side by side; one alone is not.
TEST(Aggregate, SideBySideEqualsOneByOne) {
  const auto range = RangeOf(200'000);
  const ExprPtr id = ColumnOf(range, 0);
  const ExprPtr null_or_number = std::make_shared<quell::Case>(
      Type(TypeId::kLong),
      ExprList{Bind("<", {Scattered(id, 100), Long(90)}), Bind("-", {Scattered(id, 100'000), Long(50'000)})});
  const ExprPtr amount = CastTo(null_or_number, Type::Decimal(12, 2));
  const ExprPtr small = CastTo(null_or_number, Type(TypeId::kInt));
  const auto input = ProjectOf(range, {Bind("%", {id, Long(5000)}), amount, small});
  const ExprList aggregates = {Bind("count", {}),
                               Bind("sum", {ColumnOf(input, 1)}),
                               Bind("avg", {ColumnOf(input, 1)}),
                               Bind("min", {ColumnOf(input, 1)}),
                               Bind("max", {ColumnOf(input, 1)}),
                               Bind("count", {ColumnOf(input, 1)}),
                               Bind("sum", {ColumnOf(input, 2)}),
                               Bind("min", {ColumnOf(input, 2)}),
                               Bind("max", {ColumnOf(input, 2)})};
  for (const int64_t memory_bytes : {int64_t{1} << 30, int64_t{1} << 20}) {
    RunResult all = RunPlan(AggregateOf(input, {ColumnOf(input, 0)}, aggregates), {.memory_bytes = memory_bytes});
    SortRows(&all.rows, 1);
    ASSERT_EQ(all.rows.size(), 5000u);
    for (size_t i = 0; i < aggregates.size(); ++i) {
      RunResult one = RunPlan(AggregateOf(input, {ColumnOf(input, 0)}, {aggregates[i]}));
      SortRows(&one.rows, 1);
      for (size_t row = 0; row < one.rows.size(); ++row) ASSERT_EQ(all.rows[row][i + 1], one.rows[row][1]) << i;
    }
  }
}

TEST(Aggregate, SpillLimitEndsTheStatement) {
  const auto range = RangeOf(600'000);
  const ExprPtr id = ColumnOf(range, 0);
  try {
    RunPlan(AggregateOf(range, {id}, {Bind("sum", {id})}), {.memory_bytes = kTinyBudget, .spill_limit_bytes = 1 << 20});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.error_class(), error_class::kSpillLimit);
  }
}

}  // namespace
}  // namespace quell::execution
