#include "execution/operators/values/values.h"

#include <algorithm>

#include "expression/evaluator.h"

namespace quell::execution {
namespace {

class ValuesSource final : public Source {
 public:
  ValuesSource(std::shared_ptr<const ValuesNode> node, int64_t batch_rows)
      : node_(std::move(node)), batch_rows_(static_cast<size_t>(batch_rows)) {}

  std::optional<Batch> Next() override {
    if (next_ == node_->rows.size()) return std::nullopt;
    const size_t end = std::min(next_ + batch_rows_, node_->rows.size());
    Batch batch;
    batch.num_rows = static_cast<int64_t>(end - next_);
    for (int i = 0; i < node_->schema().num_fields(); ++i) batch.columns.push_back(MakeValues(i, end));
    next_ = end;
    return batch;
  }

 private:
  // Column i of the rows up to `end`.
  Column MakeValues(int i, size_t end) const {
    const Type& type = node_->schema().field(i).type;
    std::vector<Value> values;
    for (size_t row = next_; row < end; ++row) values.push_back(EvaluateConstant(node_->rows[row][i]));
    return values.size() == 1 ? MakeConstant(type, values[0]) : MakeColumn(type, values);
  }

  const std::shared_ptr<const ValuesNode> node_;
  const size_t batch_rows_;
  size_t next_ = 0;
};

}  // namespace

std::unique_ptr<Source> ValuesState::MakeSource() { return std::make_unique<ValuesSource>(node_, batch_rows_); }

}  // namespace quell::execution
