#include "analyzer/sort_keys.h"

#include "analyzer/error_classes.h"

namespace quell::analyzer {

ExprPtr ColumnAtPosition(const unresolved::SortOrder& order, const logical::OutputColumns& output) {
  const auto* literal = order.child->As<unresolved::Literal>();
  if (!literal || literal->type.id() != TypeId::kInt) return nullptr;
  const int64_t position = std::get<int64_t>(literal->value.data);
  if (position < 1 || position > static_cast<int64_t>(output.size())) {
    throw Error(kOrderByPosOutOfRange, order.child->location,
                "ORDER BY position {} is not in the SELECT list of {} columns", position, output.size());
  }
  return output[static_cast<size_t>(position) - 1].Ref();
}

logical::SortKey MakeSortKey(ExprPtr expr, const unresolved::SortOrder& order) {
  return {std::move(expr), order.ascending, order.nulls_first.value_or(order.ascending)};
}

logical::PlanPtr MakeDistinct(logical::PlanPtr input) {
  std::vector<logical::NamedExpr> groups;
  for (const logical::OutputColumn& column : input->output()) groups.push_back(logical::NamedExpr::PassThrough(column));
  return std::make_shared<logical::Aggregate>(std::move(input), std::move(groups), std::vector<logical::NamedExpr>{});
}

}  // namespace quell::analyzer
