#include "execution/operators/sort/sort.h"

#include <gtest/gtest.h>

#include <limits>

#include "data/buffers.h"
#include "execution/plan_testing.h"

namespace quell::execution {
namespace {

constexpr int64_t kTinyBudget = 8 << 20;

int64_t NumberOf(const Value& value) { return std::get<int64_t>(value.data); }

ExprPtr Scattered(const ExprPtr& id, int64_t modulus) {
  return Bind("%", {Bind("+", {Bind("*", {id, Long(7919)}), Long(13)}), Long(modulus)});
}

struct Case {
  const char* name;
  int64_t rows;
  std::optional<int64_t> limit;
  RunOptions options;
  bool must_spill = false;
};

class SortedRows : public testing::TestWithParam<Case> {};

TEST_P(SortedRows, AreInOrderAndComplete) {
  const Case& c = GetParam();
  const auto range = RangeOf(c.rows);
  const ExprPtr id = ColumnOf(range, 0);
  const auto input =
      ProjectOf(range, {CastTo(Scattered(id, 1000), Type(TypeId::kString)), Scattered(id, 1'000'003), id});
  const auto plan = std::make_shared<logical::Sort>(
      input, std::vector<logical::SortKey>{{ColumnOf(input, 0), true, true}, {ColumnOf(input, 1), false, false}},
      c.limit);
  const RunResult result = RunPlan(plan, c.options);
  ASSERT_EQ(static_cast<int64_t>(result.rows.size()), std::min(c.rows, c.limit.value_or(INT64_MAX)));
  for (size_t i = 1; i < result.rows.size(); ++i) {
    const int order = CompareValues(result.rows[i - 1][0], result.rows[i][0]);
    ASSERT_LE(order, 0);
    if (order == 0) {
      ASSERT_GE(NumberOf(result.rows[i - 1][1]), NumberOf(result.rows[i][1]));
    }
  }
  int64_t sum = 0;
  for (const Row& row : result.rows) {
    ASSERT_EQ(NumberOf(row[1]), (NumberOf(row[2]) * 7919 + 13) % 1'000'003);
    sum += NumberOf(row[2]);
  }
  if (!c.limit) {
    EXPECT_EQ(sum, c.rows * (c.rows - 1) / 2);
  }
  if (c.must_spill) {
    EXPECT_GT(result.bytes_spilled, 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Sort, SortedRows,
                         testing::Values(Case{"None", 0, {}, {}}, Case{"Few", 100, {}, {}},
                                         Case{"InMemory", 300'000, {}, {}},
                                         Case{"Spilling", 300'000, {}, {.memory_bytes = kTinyBudget}, true},
                                         Case{"SpillingManyRuns", 300'000, {}, {.memory_bytes = 1 << 20}, true},
                                         Case{"TopFew", 500'000, 10, {}},
                                         Case{"TopFewTinyBudget", 500'000, 10, {.memory_bytes = kTinyBudget}},
                                         Case{"TopMany", 300'000, 100'000, {.memory_bytes = kTinyBudget}},
                                         Case{"TopManySpilling", 500'000, 60'000, {.memory_bytes = 2 << 20}, true}),
                         [](const auto& info) { return info.param.name; });

// The rows of a column, in the order of their keys.
std::vector<int32_t> OrderOf(const Type& type, const std::vector<Value>& values, bool ascending, bool nulls_first) {
  Batch batch;
  batch.num_rows = static_cast<int64_t>(values.size());
  batch.columns = {MakeColumn(type, values)};
  SortKeyEncoder encoder({{std::make_shared<InputRef>(0, type, true), ascending, nulls_first}});
  encoder.Encode(batch);
  std::vector<int32_t> order;
  for (int32_t i = 0; i < batch.num_rows; ++i) order.push_back(i);
  std::stable_sort(order.begin(), order.end(), [&](int32_t a, int32_t b) {
    return SortKeyBytes::Of(encoder.row(a), encoder.size(a))
               .Compare(SortKeyBytes::Of(encoder.row(b), encoder.size(b))) < 0;
  });
  return order;
}

using Order = std::vector<int32_t>;

TEST(SortKeys, OrderNumbersAndNulls) {
  const std::vector<Value> longs = {Value{int64_t{5}}, Value{}, Value{int64_t{-3}}, Value{INT64_MAX}, Value{INT64_MIN}};
  EXPECT_EQ(OrderOf(Type(TypeId::kLong), longs, true, true), (Order{1, 4, 2, 0, 3}));
  EXPECT_EQ(OrderOf(Type(TypeId::kLong), longs, false, true), (Order{1, 3, 0, 2, 4}));
  EXPECT_EQ(OrderOf(Type(TypeId::kLong), longs, false, false), (Order{3, 0, 2, 4, 1}));
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  const std::vector<Value> doubles = {Value{nan}, Value{infinity},  Value{-0.0},
                                      Value{0.0}, Value{-infinity}, Value{-1.5}};
  EXPECT_EQ(OrderOf(Type(TypeId::kDouble), doubles, true, true), (Order{4, 5, 2, 3, 1, 0}));
  const std::vector<Value> decimals = {Value{Int128{-1}}, Value{Int128{1} << 100}, Value{-(Int128{1} << 100)}};
  EXPECT_EQ(OrderOf(Type::Decimal(38, 2), decimals, true, true), (Order{2, 0, 1}));
}

TEST(SortKeys, OrderStringsByBytes) {
  const auto text = [](std::string_view bytes) { return Value{std::string(bytes)}; };
  const std::vector<Value> strings = {text("b"), text("aa"),       text("a"),
                                      text(""),  text("\xC3\xA4"), text(std::string_view("a\0", 2))};
  EXPECT_EQ(OrderOf(Type(TypeId::kString), strings, true, true), (Order{3, 2, 5, 1, 0, 4}));
  const std::vector<Value> zeros = {text(std::string_view("a\0b", 3)), text(std::string_view("a\0", 2)), text("a")};
  EXPECT_EQ(OrderOf(Type(TypeId::kString), zeros, true, true), (Order{2, 1, 0}));
  EXPECT_EQ(OrderOf(Type(TypeId::kString), zeros, false, true), (Order{0, 1, 2}));
}

TEST(SortKeys, OrderNestedValues) {
  const auto list = [](std::vector<Value> members) { return Value{std::move(members)}; };
  const std::vector<Value> lists = {list({Value{int64_t{1}}, Value{int64_t{2}}}), list({Value{int64_t{1}}}), list({}),
                                    list({Value{}, Value{int64_t{9}}}), Value{}};
  EXPECT_EQ(OrderOf(Type::Array(Type(TypeId::kLong)), lists, true, true), (Order{4, 2, 3, 1, 0}));
}

}  // namespace
}  // namespace quell::execution
