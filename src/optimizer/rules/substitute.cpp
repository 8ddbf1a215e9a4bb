#include "optimizer/rules/substitute.h"

#include <algorithm>

namespace quell::optimizer {

Definitions DefinitionsOf(const std::vector<logical::NamedExpr>& expressions) {
  Definitions definitions;
  for (const logical::NamedExpr& named : expressions) definitions.emplace(named.column.id, named.expr);
  return definitions;
}

ExprPtr Substitute(const ExprPtr& expr, const Definitions& definitions) {
  return Transform(expr, [&](const ExprPtr& node) -> ExprPtr {
    const auto* ref = node->As<ColumnRef>();
    if (!ref) return node;
    const auto it = definitions.find(ref->id());
    return it == definitions.end() ? node : it->second;
  });
}

bool IsCheap(const Expression& expr) {
  const auto* call = expr.As<Call>();
  if (call && call->name() == "get_struct_field") return IsCheap(*call->children()[0]);
  return expr.kind() == Expression::Kind::kColumnRef || expr.kind() == Expression::Kind::kLiteral;
}

}  // namespace quell::optimizer
