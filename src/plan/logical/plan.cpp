#include "plan/logical/plan.h"

#include "base/check.h"

namespace quell::logical {
namespace {

OutputColumns ColumnsOf(const std::vector<NamedExpr>& expressions) {
  OutputColumns columns;
  columns.reserve(expressions.size());
  for (const NamedExpr& named : expressions) columns.push_back(named.column);
  return columns;
}

OutputColumns ColumnsOf(const std::vector<NamedExpr>& first, const std::vector<NamedExpr>& second) {
  OutputColumns columns = ColumnsOf(first);
  for (const NamedExpr& named : second) columns.push_back(named.column);
  return columns;
}

}  // namespace

NamedExpr NamedExpr::New(ExprPtr expr, std::string name) {
  OutputColumn column{NextColumnId(), std::move(name), expr->type(), expr->nullable()};
  return {std::move(expr), std::move(column)};
}

PlanPtr Scan::WithInputs(std::vector<PlanPtr> inputs) const {
  QUELL_CHECK(inputs.empty());
  return WithFilters(filters_, limit_);
}

PlanPtr Scan::WithFilters(ExprList filters, std::optional<int64_t> limit) const {
  return std::make_shared<Scan>(table_, columns_, output(), std::move(filters), limit);
}

PlanPtr Values::WithInputs(std::vector<PlanPtr> inputs) const {
  QUELL_CHECK(inputs.empty());
  return std::make_shared<Values>(output(), rows_);
}

PlanPtr Range::WithInputs(std::vector<PlanPtr> inputs) const {
  QUELL_CHECK(inputs.empty());
  return std::make_shared<Range>(output()[0], begin_, end_, step_);
}

Project::Project(PlanPtr input, std::vector<NamedExpr> expressions)
    : Plan(kKind, {std::move(input)}, ColumnsOf(expressions)), expressions_(std::move(expressions)) {}

PlanPtr Project::WithInputs(std::vector<PlanPtr> inputs) const {
  return std::make_shared<Project>(std::move(inputs[0]), expressions_);
}

PlanPtr Filter::WithInputs(std::vector<PlanPtr> inputs) const {
  return std::make_shared<Filter>(std::move(inputs[0]), predicate_);
}

Aggregate::Aggregate(PlanPtr input, std::vector<NamedExpr> groups, std::vector<NamedExpr> aggregates)
    : Plan(kKind, {std::move(input)}, ColumnsOf(groups, aggregates)),
      groups_(std::move(groups)),
      aggregates_(std::move(aggregates)) {}

PlanPtr Aggregate::WithInputs(std::vector<PlanPtr> inputs) const {
  return std::make_shared<Aggregate>(std::move(inputs[0]), groups_, aggregates_);
}

PlanPtr Sort::WithInputs(std::vector<PlanPtr> inputs) const {
  return std::make_shared<Sort>(std::move(inputs[0]), keys_, limit_);
}

PlanPtr Limit::WithInputs(std::vector<PlanPtr> inputs) const {
  return std::make_shared<Limit>(std::move(inputs[0]), limit_, offset_);
}

PlanPtr Union::WithInputs(std::vector<PlanPtr> inputs) const {
  return std::make_shared<Union>(std::move(inputs), output());
}

PlanPtr Write::WithInputs(std::vector<PlanPtr> inputs) const {
  return std::make_shared<Write>(std::move(inputs[0]), request_);
}

}  // namespace quell::logical
