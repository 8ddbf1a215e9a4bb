// Plans for tests: built by hand, run, and their rows collected.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "execution/execute.h"
#include "expression/function_registry.h"

namespace quell::execution {

using Row = std::vector<Value>;

inline ExprPtr Bind(std::string_view name, ExprList arguments, bool is_distinct = false, ExprPtr filter = nullptr) {
  const ExpressionSettings settings;
  return FunctionRegistry::BuiltIn().Bind({name, std::move(arguments), {}, settings, is_distinct, std::move(filter)});
}

inline ExprPtr Long(int64_t value) { return std::make_shared<Literal>(Type(TypeId::kLong), Value{value}); }
inline ExprPtr Text(std::string value) {
  return std::make_shared<Literal>(Type(TypeId::kString), Value{std::move(value)});
}
inline ExprPtr CastTo(ExprPtr expr, Type type) {
  return std::make_shared<Cast>(std::move(expr), std::move(type), CastMode::kAnsi, "UTC");
}
inline ExprPtr Null(Type type) { return std::make_shared<Literal>(std::move(type), Value{}); }
// Column i of what a plan puts out.
inline ExprPtr ColumnOf(const logical::PlanPtr& plan, int i) { return plan->output()[i].Ref(); }

inline logical::PlanPtr RangeOf(int64_t rows) {
  return std::make_shared<logical::Range>(logical::OutputColumn{NextColumnId(), "id", Type(TypeId::kLong), false}, 0,
                                          rows, 1);
}

inline std::vector<logical::NamedExpr> Named(const ExprList& expressions) {
  std::vector<logical::NamedExpr> named;
  for (const ExprPtr& expr : expressions)
    named.push_back(logical::NamedExpr::New(expr, "c" + std::to_string(named.size())));
  return named;
}
inline logical::PlanPtr ProjectOf(const logical::PlanPtr& input, const ExprList& expressions) {
  return std::make_shared<logical::Project>(input, Named(expressions));
}
inline logical::PlanPtr AggregateOf(const logical::PlanPtr& input, const ExprList& keys, const ExprList& aggregates) {
  return std::make_shared<logical::Aggregate>(input, Named(keys), Named(aggregates));
}

// Keeps the rows of a result.
class RowCollector final : public ResultSink {
 public:
  void Consume(Batch batch) override {
    for (int64_t k = 0; k < batch.num_selected(); ++k) {
      const int64_t row = batch.selection ? (*batch.selection)[k] : k;
      Row values;
      for (const Column& column : batch.columns) values.push_back(ValueAt(column, row));
      rows.push_back(std::move(values));
    }
  }
  std::vector<Row> rows;
};

struct RunOptions {
  int64_t memory_bytes = int64_t{1} << 30;
  int64_t spill_limit_bytes = INT64_MAX;
  int num_threads = 2;
};

struct RunResult {
  std::vector<Row> rows;
  int64_t bytes_spilled = 0;
  int64_t peak_reserved_bytes = 0;
  ExecutionProfile profile;
};

inline RunResult RunPlan(const logical::PlanPtr& plan, const RunOptions& options = {}) {
  Metrics metrics;
  ExecutionContext context;
  context.memory = std::make_shared<MemoryBudget>(options.memory_bytes);
  context.metrics = &metrics;
  context.num_threads = options.num_threads;
  context.spill_limit_bytes = options.spill_limit_bytes;
  RowCollector collector;
  RunResult result;
  result.profile = Execute(plan, context, collector);
  result.rows = std::move(collector.rows);
  result.bytes_spilled = metrics.bytes_spilled.value();
  result.peak_reserved_bytes = context.memory->peak_bytes();
  if (context.memory->reserved_bytes() != 0) throw Error({"LEAK", "XX000"}, "the execution keeps memory");
  return result;
}

// Row order by the numbers in some columns.
inline void SortRows(std::vector<Row>* rows, size_t num_columns) {
  std::sort(rows->begin(), rows->end(), [&](const Row& a, const Row& b) {
    for (size_t i = 0; i < num_columns; ++i) {
      if (a[i].is_null() != b[i].is_null()) return a[i].is_null();
      if (a[i].is_null()) continue;
      if (const int order = CompareValues(a[i], b[i]); order != 0) return order < 0;
    }
    return false;
  });
}

}  // namespace quell::execution
