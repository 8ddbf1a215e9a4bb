#include "analyzer/require.h"

#include "data/buffers.h"
#include "expression/scalar_kernel.h"

namespace quell::analyzer {
namespace {

bool IsTrue(const Column& column, int64_t row) {
  const int64_t i = column.encoding == Encoding::kConstant ? 0 : row;
  const uint8_t* validity = column.validity();
  return (!validity || GetBit(validity, column.data->offset + i)) &&
         GetBit(column.data->buffers[1]->data(), column.data->offset + i);
}

// Gives its first argument back. It counts as not deterministic so that it is asked for exactly the rows of the query:
// a filter that moved could ask it for rows that another one leaves out.
std::shared_ptr<const ScalarKernel> RequireTrue(OnViolation on_violation) {
  ScalarKernel kernel;
  kernel.compute = [on_violation = std::move(on_violation)](std::span<const Column> arguments, const Rows& rows,
                                                            const Type&) {
    rows.ForEach([&](int64_t row) {
      if (IsTrue(arguments[0], row)) return;
      std::vector<Value> values;
      for (const Column& shown : arguments.subspan(1)) values.push_back(ValueAt(shown, row));
      on_violation(values);
    });
    return arguments[0];
  };
  kernel.null_propagating = false;
  kernel.deterministic = false;
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

}  // namespace

logical::PlanPtr Require(logical::PlanPtr rows, const ExprPtr& condition, const ExprList& shown,
                         OnViolation on_violation) {
  ExprList arguments{condition};
  arguments.insert(arguments.end(), shown.begin(), shown.end());
  auto check = std::make_shared<Call>("require", RequireTrue(std::move(on_violation)), Type(TypeId::kBoolean), false,
                                      std::move(arguments));
  return std::make_shared<logical::Filter>(std::move(rows), std::move(check));
}

}  // namespace quell::analyzer
