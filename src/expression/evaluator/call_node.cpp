#include "data/buffers.h"
#include "expression/evaluator/node.h"

namespace quell {

namespace {

bool IsNullConstant(const Column& column) {
  return column.encoding == Encoding::kConstant && column.data->GetNullCount() > 0;
}

// The validity bits of all arguments that are not constant; nullptr when none has nulls.
class CommonValidity {
 public:
  CommonValidity(std::span<const Column> arguments, int64_t num_rows) {
    for (const Column& argument : arguments) {
      if (argument.encoding == Encoding::kConstant) continue;
      if (argument.data->type->id() == arrow::Type::NA) {
        Set(AllocateBits(num_rows, false), 0);
      } else if (argument.validity()) {
        Add(argument.data->buffers[0], argument.data->offset, num_rows);
      }
    }
  }
  explicit operator bool() const { return bits_ != nullptr; }
  void Add(BufferPtr bits, int64_t offset, int64_t num_rows) {
    if (!bits_) return Set(std::move(bits), offset);
    Set(AndBits(bits_->data(), offset_, bits->data(), offset, num_rows), 0);
  }
  bool IsValid(int64_t row) const { return GetBit(bits_->data(), offset_ + row); }
  // The bits of all rows, where row 0 is bit `offset`.
  BufferPtr At(int64_t offset, int64_t num_rows) const {
    if (offset == offset_) return bits_;
    if (offset == 0) return CopyBits(bits_->data(), offset_, num_rows);
    BufferPtr shifted = AllocateBits(offset + num_rows, false);
    for (int64_t row = 0; row < num_rows; ++row) {
      if (IsValid(row)) SetBit(shifted->mutable_data(), offset + row);
    }
    return shifted;
  }

 private:
  void Set(BufferPtr bits, int64_t offset) {
    bits_ = std::move(bits);
    offset_ = offset;
  }

  BufferPtr bits_;
  int64_t offset_ = 0;
};

Column WithNulls(Column column, CommonValidity validity, int64_t num_rows) {
  if (column.data->type->id() == arrow::Type::NA) return column;
  if (column.encoding == Encoding::kConstant) column = Flatten(column, num_rows);
  if (column.validity()) validity.Add(column.data->buffers[0], column.data->offset, num_rows);
  auto data = std::make_shared<arrow::ArrayData>(*column.data);
  data->buffers[0] = validity.At(data->offset, num_rows);
  data->SetNullCount(arrow::kUnknownNullCount);
  column.data = std::move(data);
  return column;
}

class CallNode final : public EvaluatorNode {
 public:
  CallNode(const Expression& expr, std::shared_ptr<const ScalarKernel> kernel, std::vector<NodePtr> arguments)
      : type_(expr.type()), kernel_(std::move(kernel)), arguments_(std::move(arguments)) {
    for (const ExprPtr& child : expr.children()) argument_types_.push_back(child->type());
  }

  Column Evaluate(const Batch& batch, const Rows& rows) override {
    const std::vector<Column> arguments = EvaluateArguments(batch, rows);
    return Compute(arguments, rows);
  }

  void Filter(const Batch& batch, const Rows& rows, Selection& selected) override {
    const std::vector<Column> arguments = EvaluateArguments(batch, rows);
    if (kernel_->filter && kernel_->filter(arguments, rows, selected)) return;
    AppendTrueRows(Compute(arguments, rows), rows, selected);
  }

 private:
  std::vector<Column> EvaluateArguments(const Batch& batch, const Rows& rows) {
    std::vector<Column> columns;
    columns.reserve(arguments_.size());
    for (size_t i = 0; i < arguments_.size(); ++i) {
      columns.push_back(EvaluateRows(*arguments_[i], argument_types_[i], batch, rows));
      const bool is_dictionary = columns.back().encoding == Encoding::kDictionary;
      if (is_dictionary && !kernel_->takes_dictionaries) columns.back() = Flatten(columns.back(), rows.num_rows);
    }
    return columns;
  }

  Column Compute(std::span<const Column> arguments, const Rows& rows) const {
    bool all_constant = kernel_->deterministic;
    for (const Column& argument : arguments) {
      if (kernel_->null_propagating && IsNullConstant(argument)) return MakeNullConstant(type_);
      all_constant &= argument.encoding == Encoding::kConstant;
    }
    if (all_constant) {
      Column value = kernel_->compute(arguments, Rows{1, nullptr}, type_);
      value.encoding = Encoding::kConstant;
      return value;
    }
    if (!kernel_->null_propagating) return kernel_->compute(arguments, rows, type_);
    CommonValidity validity(arguments, rows.num_rows);
    if (!validity) return kernel_->compute(arguments, rows, type_);
    if (!kernel_->skips_nulls) return WithNulls(kernel_->compute(arguments, rows, type_), validity, rows.num_rows);
    Selection valid_rows;
    valid_rows.reserve(static_cast<size_t>(rows.count()));
    rows.ForEach([&](int64_t row) {
      if (validity.IsValid(row)) valid_rows.push_back(static_cast<int32_t>(row));
    });
    if (valid_rows.empty()) return MakeNullConstant(type_);
    return WithNulls(kernel_->compute(arguments, Rows{rows.num_rows, &valid_rows}, type_), validity, rows.num_rows);
  }

  const Type type_;
  const std::shared_ptr<const ScalarKernel> kernel_;
  const std::vector<NodePtr> arguments_;
  std::vector<Type> argument_types_;
};

}  // namespace

NodePtr MakeCallNode(const Expression& expr, std::shared_ptr<const ScalarKernel> kernel,
                     std::vector<NodePtr> arguments) {
  return std::make_unique<CallNode>(expr, std::move(kernel), std::move(arguments));
}

}  // namespace quell
