#include "optimizer/rules/prune_columns.h"

#include <unordered_set>

#include "optimizer/rules/substitute.h"

namespace quell::optimizer {
namespace {

using ColumnSet = std::unordered_set<ColumnId>;

void AddReferences(const Expression& expr, ColumnSet* columns) {
  for (const ColumnId id : ReferencedColumns(expr)) columns->insert(id);
}

void AddReferences(const std::vector<logical::NamedExpr>& expressions, ColumnSet* columns) {
  for (const logical::NamedExpr& named : expressions) AddReferences(*named.expr, columns);
}

std::vector<logical::NamedExpr> Needed(const std::vector<logical::NamedExpr>& expressions, const ColumnSet& required) {
  std::vector<logical::NamedExpr> needed;
  for (const logical::NamedExpr& named : expressions) {
    if (required.contains(named.column.id)) needed.push_back(named);
  }
  return needed;
}

logical::PlanPtr Prune(const logical::PlanPtr& plan, const ColumnSet& required);

logical::PlanPtr PruneScan(const logical::Scan& scan, ColumnSet required) {
  for (const ExprPtr& filter : scan.filters()) AddReferences(*filter, &required);
  std::vector<logical::TableColumn> columns;
  logical::OutputColumns output;
  for (size_t i = 0; i < scan.output().size(); ++i) {
    if (!required.contains(scan.output()[i].id)) continue;
    columns.push_back(scan.columns()[i]);
    output.push_back(scan.output()[i]);
  }
  return std::make_shared<logical::Scan>(scan.table(), std::move(columns), std::move(output), scan.filters(),
                                         scan.limit());
}

logical::PlanPtr PruneValues(const logical::Values& values, const ColumnSet& required) {
  logical::OutputColumns output;
  std::vector<ExprList> rows(values.rows().size());
  for (size_t column = 0; column < values.output().size(); ++column) {
    if (!required.contains(values.output()[column].id)) continue;
    output.push_back(values.output()[column]);
    for (size_t row = 0; row < rows.size(); ++row) rows[row].push_back(values.rows()[row][column]);
  }
  return std::make_shared<logical::Values>(std::move(output), std::move(rows));
}

logical::PlanPtr PruneProject(const logical::Project& project, const ColumnSet& required) {
  std::vector<logical::NamedExpr> needed = Needed(project.expressions(), required);
  ColumnSet below;
  AddReferences(needed, &below);
  return std::make_shared<logical::Project>(Prune(project.input(), below), std::move(needed));
}

logical::PlanPtr PruneAggregate(const logical::Aggregate& aggregate, const ColumnSet& required) {
  std::vector<logical::NamedExpr> needed = Needed(aggregate.aggregates(), required);
  ColumnSet below;
  AddReferences(aggregate.groups(), &below);
  AddReferences(needed, &below);
  return std::make_shared<logical::Aggregate>(Prune(aggregate.input(), below), aggregate.groups(), std::move(needed));
}

logical::PlanPtr PruneUnion(const logical::Union& all, const ColumnSet& required) {
  logical::OutputColumns output;
  std::vector<size_t> kept;
  for (size_t i = 0; i < all.output().size(); ++i) {
    if (!required.contains(all.output()[i].id)) continue;
    output.push_back(all.output()[i]);
    kept.push_back(i);
  }
  std::vector<logical::PlanPtr> inputs;
  for (const logical::PlanPtr& input : all.inputs()) {
    std::vector<logical::NamedExpr> columns;
    for (const size_t i : kept) columns.push_back(logical::NamedExpr::PassThrough(input->output()[i]));
    ColumnSet below;
    AddReferences(columns, &below);
    inputs.push_back(std::make_shared<logical::Project>(Prune(input, below), std::move(columns)));
  }
  return std::make_shared<logical::Union>(std::move(inputs), std::move(output));
}

// For the nodes whose output is their input's: what they use themselves is needed, too.
logical::PlanPtr PruneBelow(const logical::PlanPtr& plan, ColumnSet required) {
  if (const auto* filter = plan->As<logical::Filter>()) AddReferences(*filter->predicate(), &required);
  if (const auto* sort = plan->As<logical::Sort>()) {
    for (const logical::SortKey& key : sort->keys()) AddReferences(*key.expr, &required);
  }
  return plan->WithInputs({Prune(plan->input(), required)});
}

logical::PlanPtr PruneWrite(const logical::Write& write) {
  ColumnSet all;
  for (const logical::OutputColumn& column : write.input()->output()) all.insert(column.id);
  return write.WithInputs({Prune(write.input(), all)});
}

logical::PlanPtr Prune(const logical::PlanPtr& plan, const ColumnSet& required) {
  switch (plan->kind()) {
    case logical::Plan::Kind::kScan: return PruneScan(*plan->As<logical::Scan>(), required);
    case logical::Plan::Kind::kValues: return PruneValues(*plan->As<logical::Values>(), required);
    case logical::Plan::Kind::kRange: return plan;
    case logical::Plan::Kind::kProject: return PruneProject(*plan->As<logical::Project>(), required);
    case logical::Plan::Kind::kAggregate: return PruneAggregate(*plan->As<logical::Aggregate>(), required);
    case logical::Plan::Kind::kUnion: return PruneUnion(*plan->As<logical::Union>(), required);
    case logical::Plan::Kind::kWrite: return PruneWrite(*plan->As<logical::Write>());
    case logical::Plan::Kind::kFilter:
    case logical::Plan::Kind::kSort:
    case logical::Plan::Kind::kLimit: return PruneBelow(plan, required);
  }
  return plan;
}

bool SameColumns(const logical::OutputColumns& a, const logical::OutputColumns& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i].id != b[i].id) return false;
  }
  return true;
}

}  // namespace

logical::PlanPtr PruneColumns(const logical::PlanPtr& plan) {
  ColumnSet required;
  for (const logical::OutputColumn& column : plan->output()) required.insert(column.id);
  logical::PlanPtr pruned = Prune(plan, required);
  // A filter or sort on top may have kept columns for itself that nobody asked for.
  if (SameColumns(pruned->output(), plan->output())) return pruned;
  std::vector<logical::NamedExpr> columns;
  for (const logical::OutputColumn& column : plan->output()) columns.push_back(logical::NamedExpr::PassThrough(column));
  return std::make_shared<logical::Project>(std::move(pruned), std::move(columns));
}

}  // namespace quell::optimizer
