// The compiled form of an expression: a tree of nodes with the state that one thread keeps between batches.
#pragma once

#include <memory>
#include <vector>

#include "data/column.h"
#include "expression/expression.h"
#include "expression/scalar_kernel.h"

namespace quell {

class EvaluatorNode {
 public:
  virtual ~EvaluatorNode() = default;
  // The value for `rows` of the batch (the batch's own selection does not count): flat, dictionary or constant. Without
  // rows to compute, it is never called.
  virtual Column Evaluate(const Batch& batch, const Rows& rows) = 0;
  // Of a BOOLEAN node: appends the rows for which it is true to `selected`, ascending.
  virtual void Filter(const Batch& batch, const Rows& rows, Selection& selected);
};

using NodePtr = std::unique_ptr<EvaluatorNode>;

// With `use_dictionaries`, subtrees of one column are computed once for each value of its dictionary, where it has one.
NodePtr CompileNode(const ExprPtr& expr, bool use_dictionaries);

NodePtr MakeCallNode(const Expression& expr, std::shared_ptr<const ScalarKernel> kernel,
                     std::vector<NodePtr> arguments);
NodePtr MakeConjunctionNode(Conjunction::Op op, std::vector<NodePtr> children);
NodePtr MakeCaseNode(const Type& type, std::vector<NodePtr> children);
// `null_propagating`: NULL in the column makes the value NULL.
NodePtr MakeDictionaryNode(const Type& type, int input_index, bool null_propagating, NodePtr node);

// `node` evaluated, or a constant NULL when there are no rows.
Column EvaluateRows(EvaluatorNode& node, const Type& type, const Batch& batch, const Rows& rows);
// The rows of a BOOLEAN column that are true.
void AppendTrueRows(const Column& column, const Rows& rows, Selection& selected);
// `rows` without those in `taken`, which is ascending and a subset.
Selection Without(const Rows& rows, const Selection& taken);

}  // namespace quell
