#include "execution/physical/lower.h"

#include "base/check.h"

namespace quell::execution {

ColumnPositions::ColumnPositions(const logical::OutputColumns& columns) {
  for (size_t i = 0; i < columns.size(); ++i) positions_.emplace(columns[i].id, static_cast<int>(i));
}

ExprPtr ColumnPositions::Lower(const ExprPtr& expr) const {
  return quell::Transform(expr, [this](const ExprPtr& node) -> ExprPtr {
    const auto* ref = node->As<ColumnRef>();
    if (!ref) return node;
    const auto found = positions_.find(ref->id());
    QUELL_CHECK(found != positions_.end());
    return std::make_shared<InputRef>(found->second, ref->type(), ref->nullable());
  });
}

ExprList ColumnPositions::Lower(const ExprList& expressions) const {
  ExprList lowered;
  lowered.reserve(expressions.size());
  for (const ExprPtr& expr : expressions) lowered.push_back(Lower(expr));
  return lowered;
}

Schema SchemaOf(const logical::OutputColumns& columns) {
  std::vector<Field> fields;
  fields.reserve(columns.size());
  for (const logical::OutputColumn& column : columns) {
    fields.push_back({.name = column.name, .type = column.type, .nullable = column.nullable});
  }
  return Schema(std::move(fields));
}

}  // namespace quell::execution
