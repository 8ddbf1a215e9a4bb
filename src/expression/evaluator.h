// Evaluates a bound expression over batches.
#pragma once

#include <memory>

#include "data/column.h"
#include "expression/expression.h"

namespace quell {

// One instance per thread and expression; keeps scratch memory and the results of dictionaries between batches.
// The expression has InputRefs, no ColumnRefs and no AggregateCalls.
class Evaluator {
 public:
  explicit Evaluator(ExprPtr expr);
  ~Evaluator();
  Evaluator(Evaluator&&) noexcept;

  const Expression& expression() const { return *expr_; }
  // A column as long as the batch (or constant, or a dictionary); only the selected rows mean anything. Throws the
  // first per-row error (ANSI overflow, bad cast ...) of a selected row.
  Column Evaluate(const Batch& batch);
  // For a BOOLEAN expression: the selected rows for which it is true. nullptr when that is every row of the batch.
  SelectionPtr Filter(const Batch& batch);

 private:
  struct State;
  ExprPtr expr_;
  std::unique_ptr<State> state_;
};

// The value of an expression without inputs. Throws what evaluating it throws.
Value EvaluateConstant(const ExprPtr& expr);

}  // namespace quell
