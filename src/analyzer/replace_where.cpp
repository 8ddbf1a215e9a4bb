#include "analyzer/replace_where.h"

#include "analyzer/require.h"
#include "base/error.h"

namespace quell::analyzer {
namespace {

constexpr ErrorClass kReplaceWhereMismatch{"DELTA_REPLACE_WHERE_MISMATCH", "44000"};

}  // namespace

logical::PlanPtr RequireMatch(logical::PlanPtr rows, const ExprPtr& condition) {
  return Require(std::move(rows), condition, {}, [text = ToString(*condition)](const std::vector<Value>&) {
    throw Error(kReplaceWhereMismatch,
                "the query has a row that does not match REPLACE WHERE {}; filter the query, or widen the condition",
                text);
  });
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
