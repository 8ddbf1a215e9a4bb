#include "plan/unresolved/aggregate_calls.h"

#include <algorithm>

#include "expression/function_registry.h"

namespace quell::unresolved {

bool HasAggregate(const ExprPtr& expr) {
  if (const auto* function = expr->As<Function>()) {
    return FunctionRegistry::BuiltIn().IsAggregate(function->name()) ||
           std::any_of(function->arguments.begin(), function->arguments.end(), HasAggregate);
  }
  if (const auto* alias = expr->As<Alias>()) return HasAggregate(alias->child);
  if (const auto* cast = expr->As<Cast>()) return HasAggregate(cast->child);
  if (const auto* extract = expr->As<ExtractValue>())
    return HasAggregate(extract->child) || HasAggregate(extract->extraction);
  return false;
}

}  // namespace quell::unresolved
