#include "execution/execute.h"

#include <gtest/gtest.h>

#include "base/error_classes.h"
#include "execution/plan_testing.h"

namespace quell::execution {
namespace {

Value Number(int64_t value) { return Value{value}; }

TEST(Execute, ValuesKeepTheirOrder) {
  const logical::OutputColumns columns = {{NextColumnId(), "a", Type(TypeId::kLong)},
                                          {NextColumnId(), "b", Type(TypeId::kString)}};
  const auto plan = std::make_shared<logical::Values>(
      columns,
      std::vector<ExprList>{{Long(2), Text("x")}, {Null(Type(TypeId::kLong)), Text("y")}, {Long(1), Text("z")}});
  const RunResult result = RunPlan(plan);
  ASSERT_EQ(result.rows.size(), 3u);
  EXPECT_EQ(result.rows[0], (Row{Number(2), Value{std::string("x")}}));
  EXPECT_TRUE(result.rows[1][0].is_null());
  EXPECT_EQ(result.rows[2], (Row{Number(1), Value{std::string("z")}}));
}

TEST(Execute, OneRowWithoutColumns) {
  const auto values = std::make_shared<logical::Values>(logical::OutputColumns{}, std::vector<ExprList>{{}});
  const RunResult result = RunPlan(ProjectOf(values, {Bind("+", {Long(1), Long(2)})}));
  ASSERT_EQ(result.rows.size(), 1u);
  EXPECT_EQ(result.rows[0][0], Number(3));
}

TEST(Execute, FiltersAndProjects) {
  const auto range = RangeOf(100'000);
  const auto filter =
      std::make_shared<logical::Filter>(range, Bind("=", {Bind("%", {ColumnOf(range, 0), Long(1000)}), Long(7)}));
  RunResult result = RunPlan(ProjectOf(filter, {Bind("*", {ColumnOf(filter, 0), Long(2)})}));
  SortRows(&result.rows, 1);
  ASSERT_EQ(result.rows.size(), 100u);
  EXPECT_EQ(result.rows[99][0], Number(2 * 99'007));
}

TEST(Execute, CommonSubexpressionsAreComputedOnce) {
  const auto range = RangeOf(10);
  const ExprPtr product = Bind("*", {ColumnOf(range, 0), Long(3)});
  const auto plan = ProjectOf(range, {Bind("+", {product, Long(1)}), Bind("-", {product, Long(1)})});
  EXPECT_NE(PrintPhysical(plan).find("sharing"), std::string::npos);
  const RunResult result = RunPlan(plan);
  ASSERT_EQ(result.rows.size(), 10u);
  EXPECT_EQ(result.rows[9], (Row{Number(28), Number(26)}));
}

TEST(Execute, LimitStopsTheSource) {
  const auto range = RangeOf(int64_t{1} << 40);
  const RunResult result = RunPlan(std::make_shared<logical::Limit>(range, 5, 3));
  EXPECT_EQ(result.rows.size(), 5u);
  EXPECT_TRUE(RunPlan(std::make_shared<logical::Limit>(range, 0, 0)).rows.empty());
}

TEST(Execute, UnionTakesAllInputs) {
  const auto a = RangeOf(10);
  const auto b = std::make_shared<logical::Sort>(RangeOf(20), std::vector<logical::SortKey>{}, 4);
  const auto plan = std::make_shared<logical::Union>(
      std::vector<logical::PlanPtr>{a, b}, logical::OutputColumns{{NextColumnId(), "id", Type(TypeId::kLong)}});
  EXPECT_EQ(RunPlan(plan).rows.size(), 14u);
}

TEST(Execute, ErrorOfAnyThreadEndsTheStatement) {
  const auto range = RangeOf(10'000'000);
  const auto plan = ProjectOf(range, {Bind("/", {Long(1), Bind("-", {ColumnOf(range, 0), Long(5'000'000)})})});
  const auto grouped = AggregateOf(plan, {}, {Bind("max", {ColumnOf(plan, 0)})});
  try {
    RunPlan(grouped);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.error_class(), error_class::kDivideByZero);
  }
}

TEST(Execute, CancelStopsAllThreads) {
  class CancelAtFirstRow final : public ResultSink {
   public:
    explicit CancelAtFirstRow(CancelTokenPtr cancel) : cancel_(std::move(cancel)) {}
    void Consume(Batch batch) override {
      rows += batch.num_selected();
      cancel_->Cancel();
    }
    int64_t rows = 0;

   private:
    CancelTokenPtr cancel_;
  };
  Metrics metrics;
  ExecutionContext context;
  context.memory = std::make_shared<MemoryBudget>(int64_t{1} << 30);
  context.metrics = &metrics;
  context.cancel = std::make_shared<CancelToken>();
  CancelAtFirstRow sink(context.cancel);
  EXPECT_THROW(Execute(RangeOf(int64_t{1} << 40), context, sink), Error);
  EXPECT_LT(sink.rows, 1'000'000);
}

TEST(Execute, ProfileCountsRows) {
  const auto range = RangeOf(100'000);
  const RunResult result = RunPlan(AggregateOf(range, {}, {Bind("count", {})}));
  EXPECT_EQ(result.profile.root.rows, 1);
  ASSERT_EQ(result.profile.root.inputs.size(), 1u);
  const OperatorProfile* leaf = &result.profile.root;
  while (!leaf->inputs.empty()) leaf = &leaf->inputs[0];
  EXPECT_EQ(leaf->rows, 100'000);
  EXPECT_NE(ToString(result.profile).find("rows 100000"), std::string::npos);
}

}  // namespace
}  // namespace quell::execution
