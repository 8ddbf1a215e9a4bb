#include <algorithm>

#include "data/buffers.h"
#include "expression/evaluator/node.h"

namespace quell {

namespace {

const Type kBoolean(TypeId::kBoolean);

class ConjunctionNode final : public EvaluatorNode {
 public:
  ConjunctionNode(Conjunction::Op op, std::vector<NodePtr> children)
      : is_and_(op == Conjunction::Op::kAnd), children_(std::move(children)) {}

  void Filter(const Batch& batch, const Rows& rows, Selection& selected) override {
    if (is_and_) {
      FilterAll(batch, rows, selected);
    } else {
      FilterAny(batch, rows, selected);
    }
  }

  // A row is undecided until a child is FALSE for AND, or TRUE for OR.
  Column Evaluate(const Batch& batch, const Rows& rows) override {
    const auto size = static_cast<size_t>(rows.num_rows);
    std::vector<uint8_t> values(size, is_and_);
    std::vector<uint8_t> valid(size, 1);
    bool any_null = false;
    Selection undecided;
    const Selection* remaining = rows.selection;
    for (const NodePtr& child : children_) {
      const Rows child_rows{rows.num_rows, remaining};
      if (child_rows.count() == 0) break;
      const Column column = Flatten(child->Evaluate(batch, child_rows), rows.num_rows);
      Selection next;
      next.reserve(static_cast<size_t>(child_rows.count()));
      const bool is_void = column.data->type->id() == arrow::Type::NA;
      const uint8_t* bits = is_void ? nullptr : column.data->buffers[1]->data();
      const uint8_t* validity = column.validity();
      const int64_t offset = column.data->offset;
      child_rows.ForEach([&](int64_t row) {
        const auto at = static_cast<size_t>(row);
        if (is_void || (validity && !GetBit(validity, offset + row))) {
          valid[at] = 0;
          any_null = true;
        } else if (GetBit(bits, offset + row) != is_and_) {
          values[at] = !is_and_;
          valid[at] = 1;
          return;
        }
        next.push_back(static_cast<int32_t>(row));
      });
      undecided = std::move(next);
      remaining = &undecided;
    }
    return Pack(values, valid, any_null);
  }

 private:
  void FilterAll(const Batch& batch, const Rows& rows, Selection& selected) {
    Selection current;
    const Selection* remaining = rows.selection;
    for (size_t i = 0; i < children_.size(); ++i) {
      const Rows child_rows{rows.num_rows, remaining};
      if (child_rows.count() == 0) return;
      if (i + 1 == children_.size()) return children_[i]->Filter(batch, child_rows, selected);
      Selection next;
      children_[i]->Filter(batch, child_rows, next);
      current = std::move(next);
      remaining = &current;
    }
  }

  void FilterAny(const Batch& batch, const Rows& rows, Selection& selected) {
    Selection accepted;
    Selection current;
    const Selection* remaining = rows.selection;
    for (const NodePtr& child : children_) {
      const Rows child_rows{rows.num_rows, remaining};
      if (child_rows.count() == 0) break;
      Selection found;
      child->Filter(batch, child_rows, found);
      current = Without(child_rows, found);
      remaining = &current;
      const auto middle = static_cast<std::ptrdiff_t>(accepted.size());
      accepted.insert(accepted.end(), found.begin(), found.end());
      std::inplace_merge(accepted.begin(), accepted.begin() + middle, accepted.end());
    }
    selected.insert(selected.end(), accepted.begin(), accepted.end());
  }

  static Column Pack(const std::vector<uint8_t>& values, const std::vector<uint8_t>& valid, bool any_null) {
    const auto num_rows = static_cast<int64_t>(values.size());
    BufferPtr bits = AllocateBits(num_rows, false);
    PackBits(values.data(), num_rows, bits->mutable_data());
    BufferPtr validity;
    if (any_null) {
      validity = AllocateBits(num_rows, false);
      PackBits(valid.data(), num_rows, validity->mutable_data());
    }
    return MakeFlat(kBoolean, num_rows, std::move(bits), std::move(validity));
  }

  const bool is_and_;
  const std::vector<NodePtr> children_;
};

}  // namespace

NodePtr MakeConjunctionNode(Conjunction::Op op, std::vector<NodePtr> children) {
  return std::make_unique<ConjunctionNode>(op, std::move(children));
}

}  // namespace quell
