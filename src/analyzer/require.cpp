#include "analyzer/require.h"

#include "expression/functions/kernel.h"

namespace quell::analyzer {
namespace {

// Gives its first argument back. It counts as not deterministic so that it is asked for exactly the rows of the query:
// a filter that moved could ask it for rows that another one leaves out.
std::shared_ptr<const ScalarKernel> RequireTrue(OnViolation on_violation) {
  ScalarKernel kernel;
  kernel.compute = [on_violation = std::move(on_violation)](std::span<const Column> arguments, const Rows& rows,
                                                            const Type&) {
    const bool is_dictionary = arguments[0].encoding == Encoding::kDictionary;
    const Column condition = is_dictionary ? Flatten(arguments[0], rows.num_rows) : arguments[0];
    const Reader<bool> is_true(condition);
    const ValidityReader valid(condition);
    rows.ForEach([&](int64_t row) {
      if (valid[row] && is_true[row]) return;
      std::vector<Value> values;
      for (const Column& shown : arguments.subspan(1)) values.push_back(ValueAt(shown, row));
      on_violation(values);
    });
    return condition;
  };
  kernel.null_propagating = false;
  kernel.deterministic = false;
  kernel.takes_dictionaries = true;  // no more than one value of what is shown is ever read
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
