#include "execution/operators/project/project.h"

namespace quell::execution {

ProjectTransform::ProjectTransform(const ProjectNode& node) {
  for (const ExprPtr& expr : node.common) common_.emplace_back(expr);
  for (const ExprPtr& expr : node.expressions) expressions_.emplace_back(expr);
}

Batch ProjectTransform::Apply(Batch input) {
  for (Evaluator& evaluator : common_) input.columns.push_back(evaluator.Evaluate(input));
  Batch output;
  output.num_rows = input.num_rows;
  output.columns.reserve(expressions_.size());
  for (Evaluator& evaluator : expressions_) output.columns.push_back(evaluator.Evaluate(input));
  output.selection = std::move(input.selection);
  return output;
}

}  // namespace quell::execution
