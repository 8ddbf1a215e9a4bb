#include "analyzer/replace_where.h"

#include "base/error.h"
#include "data/buffers.h"
#include "expression/scalar_kernel.h"

namespace quell::analyzer {
namespace {

constexpr ErrorClass kReplaceWhereMismatch{"DELTA_REPLACE_WHERE_MISMATCH", "44000"};

bool IsTrue(const Column& column, int64_t row) {
  const int64_t i = column.encoding == Encoding::kConstant ? 0 : row;
  const uint8_t* validity = column.validity();
  return (!validity || GetBit(validity, column.data->offset + i)) &&
         GetBit(column.data->buffers[1]->data(), column.data->offset + i);
}

// Gives its argument back. It counts as not deterministic so that it is asked for exactly the rows of the query: a
// filter that moved could ask it for rows that another one leaves out.
std::shared_ptr<const ScalarKernel> RequireTrue(const std::string& condition) {
  ScalarKernel kernel;
  kernel.compute = [condition](std::span<const Column> arguments, const Rows& rows, const Type&) {
    rows.ForEach([&](int64_t row) {
      if (IsTrue(arguments[0], row)) return;
      throw Error(kReplaceWhereMismatch,
                  "the query has a row that does not match REPLACE WHERE {}; filter the query, or widen the condition",
                  condition);
    });
    return arguments[0];
  };
  kernel.null_propagating = false;
  kernel.deterministic = false;
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

}  // namespace

logical::PlanPtr RequireMatch(logical::PlanPtr rows, const ExprPtr& condition) {
  auto check = std::make_shared<Call>("require", RequireTrue(ToString(*condition)), Type(TypeId::kBoolean), false,
                                      ExprList{condition});
  return std::make_shared<logical::Filter>(std::move(rows), std::move(check));
}

logical::PlanPtr WithRowsThatDoNotMatch(logical::PlanPtr rows, logical::PlanPtr kept, const ExprPtr& condition,
                                        const ExpressionSettings& settings) {
  const FunctionRegistry& functions = FunctionRegistry::BuiltIn();
  const auto yes = std::make_shared<Literal>(Type(TypeId::kBoolean), Value{true});
  const ExprPtr matches = functions.Bind({"<=>", {condition, yes}, {}, settings});
  auto others = std::make_shared<logical::Filter>(std::move(kept), functions.Bind({"not", {matches}, {}, settings}));
  logical::OutputColumns columns;
  for (size_t i = 0; i < rows->output().size(); ++i) {
    const logical::OutputColumn& column = rows->output()[i];
    columns.push_back({NextColumnId(), column.name, column.type, column.nullable || others->output()[i].nullable});
  }
  return std::make_shared<logical::Union>(std::vector<logical::PlanPtr>{std::move(rows), std::move(others)},
                                          std::move(columns));
}

}  // namespace quell::analyzer
