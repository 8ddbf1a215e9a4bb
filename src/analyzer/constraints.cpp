#include "analyzer/constraints.h"

#include <map>

#include "analyzer/expression_binder.h"
#include "analyzer/require.h"

namespace quell::analyzer {
namespace {

constexpr ErrorClass kViolated{"DELTA_VIOLATE_CONSTRAINT_WITH_VALUES", "23001"};
constexpr ErrorClass kAggregate{"DELTA_AGGREGATE_IN_CHECK_CONSTRAINT", "42621"};
constexpr ErrorClass kNotBoolean{"DELTA_NON_BOOLEAN_CHECK_CONSTRAINT", "42621"};
constexpr ErrorClass kNotDeterministic{"DELTA_NON_DETERMINISTIC_EXPRESSION_IN_CHECK_CONSTRAINT", "42621"};

bool IsMemberOfColumn(const Expression& expr) {
  if (expr.As<ColumnRef>()) return true;
  const auto* call = expr.As<Call>();
  return call && call->name() == "get_struct_field" && IsMemberOfColumn(*call->children()[0]);
}

// What the condition looks at, columns and members of them, by its text.
void CollectRead(const ExprPtr& expr, std::map<std::string, ExprPtr>* read) {
  if (IsMemberOfColumn(*expr)) {
    read->emplace(ToString(*expr), expr);
    return;
  }
  for (const ExprPtr& child : expr->children()) CollectRead(child, read);
}

ExprPtr BindCondition(const Constraint& constraint, const Scope& scope, const Context& context) {
  ExpressionBinder binder(context, {&scope});
  binder.ForbidAggregates(kAggregate, "CHECK");
  try {
    ExprPtr condition = binder.Bind(context.parse_expression(constraint.condition));
    if (condition->type().id() != TypeId::kBoolean) {
      throw Error(kNotBoolean, "it is {}, not BOOLEAN", condition->type().ToSql());
    }
    if (!IsDeterministic(*condition)) {
      throw Error(kNotDeterministic, "it is not the same each time; leave out what is random");
    }
    return condition;
  } catch (const Error& error) {
    throw Error(error.error_class(), "cannot check the constraint {} ({}): {}", constraint.name, constraint.condition,
                error.message());
  }
}

logical::PlanPtr RequireConstraint(logical::PlanPtr rows, const Constraint& constraint, const Scope& scope,
                                   const Context& context) {
  const ExprPtr condition = BindCondition(constraint, scope, context);
  std::map<std::string, ExprPtr> read;
  CollectRead(condition, &read);
  ExprList shown;
  std::vector<std::string> names;
  for (const auto& [name, expr] : read) {
    names.push_back(name);
    shown.push_back(expr);
  }
  return Require(
      std::move(rows), condition, shown, [=, time_zone = context.settings.time_zone](const std::vector<Value>& values) {
        std::string text;
        for (size_t i = 0; i < values.size(); ++i) {
          text += (i > 0 ? ", " : "") + names[i] + " = " + FormatValue(values[i], shown[i]->type(), time_zone);
        }
        throw Error(kViolated,
                    "CHECK constraint {} ({}) is violated by a row with {}; filter such rows out, or drop "
                    "the constraint with Spark",
                    constraint.name, constraint.condition, text);
      });
}

}  // namespace

logical::PlanPtr RequireConstraints(logical::PlanPtr rows, const Schema& schema,
                                    const std::vector<Constraint>& constraints, const Context& context) {
  logical::OutputColumns columns = rows->output();
  for (size_t i = 0; i < columns.size(); ++i) columns[i].name = schema.field(static_cast<int>(i)).name;
  const Scope scope(columns, {});
  for (const Constraint& constraint : constraints) {
    rows = RequireConstraint(std::move(rows), constraint, scope, context);
  }
  return rows;
}

}  // namespace quell::analyzer
