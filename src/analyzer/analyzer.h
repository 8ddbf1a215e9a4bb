// Resolves names, types and coercions: from unresolved statements to logical plans. Reads no data, only schemas.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "data/schema.h"
#include "expression/function_registry.h"
#include "plan/logical/plan.h"
#include "plan/unresolved/statement.h"

namespace quell::analyzer {

// What names mean in a session. All of it outlives the call.
struct Context {
  catalog::Catalog& catalog;
  ExpressionSettings settings;
  // The query behind a temporary view, or nullptr. Views hide tables of the same name.
  std::function<unresolved::RelationPtr(const std::vector<std::string>& name_parts)> find_view;
  // A condition that a table keeps as SQL text. Throws PARSE_SYNTAX_ERROR.
  std::function<unresolved::ExprPtr(std::string_view text)> parse_expression;
};

struct AnalyzedPlan {
  logical::PlanPtr plan;
  Schema schema;  // of the result, with Spark's column names; empty for a write
};

AnalyzedPlan Analyze(const unresolved::RelationPtr& relation, const Context& context);
// Commands that write: the plan's top node is a Write.
AnalyzedPlan Analyze(const unresolved::Insert& insert, const Context& context);
AnalyzedPlan Analyze(const unresolved::CreateTable& create, const Context& context);

}  // namespace quell::analyzer
