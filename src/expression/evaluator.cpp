#include "expression/evaluator.h"

#include "base/check.h"
#include "data/buffers.h"
#include "expression/cast/cast.h"
#include "expression/evaluator/node.h"

namespace quell {

namespace {

class InputNode final : public EvaluatorNode {
 public:
  explicit InputNode(int index) : index_(static_cast<size_t>(index)) {}
  Column Evaluate(const Batch& batch, const Rows&) override { return batch.columns[index_]; }

 private:
  const size_t index_;
};

class LiteralNode final : public EvaluatorNode {
 public:
  LiteralNode(const Type& type, const Value& value) : column_(MakeConstant(type, value)) {}
  Column Evaluate(const Batch&, const Rows&) override { return column_; }

 private:
  const Column column_;
};

// A subtree without columns: computed with the first batch that needs it, so that it raises no error without rows.
class ConstantNode final : public EvaluatorNode {
 public:
  explicit ConstantNode(NodePtr node) : node_(std::move(node)) {}
  Column Evaluate(const Batch& batch, const Rows& rows) override {
    if (value_.data) return value_;
    Column value = node_->Evaluate(batch, rows);
    if (value.encoding != Encoding::kConstant) return value;
    value_ = std::move(value);
    return value_;
  }

 private:
  NodePtr node_;
  Column value_;
};

// The one input of an expression: its index; -1 for none, -2 for several.
int SingleInput(const Expression& expr) {
  if (const auto* input = expr.As<InputRef>()) return input->index();
  int single = -1;
  for (const ExprPtr& child : expr.children()) {
    const int index = SingleInput(*child);
    if (index == -1 || index == single) continue;
    if (index == -2 || single != -1) return -2;
    single = index;
  }
  return single;
}

bool PropagatesNull(const Expression& expr) {
  if (expr.kind() == Expression::Kind::kInputRef || expr.kind() == Expression::Kind::kCast) return true;
  const auto* call = expr.As<Call>();
  if (!call || !call->kernel().null_propagating) return false;
  for (const ExprPtr& child : expr.children()) {
    if (SingleInput(*child) >= 0) return PropagatesNull(*child);
  }
  return false;
}

NodePtr CompileWhole(const ExprPtr& expr, bool use_dictionaries) {
  switch (expr->kind()) {
    case Expression::Kind::kLiteral: return std::make_unique<LiteralNode>(expr->type(), expr->As<Literal>()->value());
    case Expression::Kind::kInputRef: return std::make_unique<InputNode>(expr->As<InputRef>()->index());
    case Expression::Kind::kColumnRef:
    case Expression::Kind::kAggregate: QUELL_CHECK(false && "the planner left a column or an aggregate");
    default: break;
  }
  std::vector<NodePtr> children;
  for (const ExprPtr& child : expr->children()) children.push_back(CompileNode(child, use_dictionaries));
  if (const auto* call = expr->As<Call>()) {
    return MakeCallNode(*expr, std::shared_ptr<const ScalarKernel>(expr, &call->kernel()), std::move(children));
  }
  if (const auto* cast = expr->As<Cast>()) {
    return MakeCallNode(*expr, MakeCastKernel(cast->child()->type(), cast->type(), cast->mode(), cast->time_zone()),
                        std::move(children));
  }
  if (const auto* conjunction = expr->As<Conjunction>()) {
    return MakeConjunctionNode(conjunction->op(), std::move(children));
  }
  return MakeCaseNode(expr->type(), std::move(children));
}

Rows SelectedRows(const Batch& batch) { return Rows{batch.num_rows, batch.selection.get()}; }

}  // namespace

NodePtr CompileNode(const ExprPtr& expr, bool use_dictionaries) {
  const bool is_leaf = expr->children().empty() && expr->kind() != Expression::Kind::kCall;
  if (is_leaf || !IsDeterministic(*expr)) return CompileWhole(expr, use_dictionaries);
  const int input = SingleInput(*expr);
  if (input == -1) return std::make_unique<ConstantNode>(CompileWhole(expr, false));
  if (input < 0 || !use_dictionaries) return CompileWhole(expr, use_dictionaries);
  return MakeDictionaryNode(expr->type(), input, PropagatesNull(*expr), CompileWhole(expr, false));
}

Column EvaluateRows(EvaluatorNode& node, const Type& type, const Batch& batch, const Rows& rows) {
  return rows.count() == 0 ? MakeNullConstant(type) : node.Evaluate(batch, rows);
}

struct Evaluator::State {
  NodePtr root;
};

Evaluator::Evaluator(ExprPtr expr) : expr_(std::move(expr)), state_(std::make_unique<State>()) {
  state_->root = CompileNode(expr_, true);
}

Evaluator::~Evaluator() = default;
Evaluator::Evaluator(Evaluator&&) noexcept = default;

Column Evaluator::Evaluate(const Batch& batch) {
  return EvaluateRows(*state_->root, expr_->type(), batch, SelectedRows(batch));
}

SelectionPtr Evaluator::Filter(const Batch& batch) {
  auto selected = std::make_shared<Selection>();
  if (batch.num_selected() > 0) state_->root->Filter(batch, SelectedRows(batch), *selected);
  if (static_cast<int64_t>(selected->size()) == batch.num_rows) return nullptr;
  return selected;
}

Value EvaluateConstant(const ExprPtr& expr) {
  Batch one;
  one.num_rows = 1;
  return ValueAt(Evaluator(expr).Evaluate(one), 0);
}

}  // namespace quell
