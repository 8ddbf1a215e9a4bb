#include "plan/logical/lineage.h"

#include <map>
#include <set>

namespace quell::logical {
namespace {

using Sources = std::set<SourceColumn>;

class Tracer {
 public:
  void Visit(const PlanPtr& plan) {
    for (const PlanPtr& input : plan->inputs()) Visit(input);
    if (const auto* scan = plan->As<Scan>()) AddScan(*scan);
    if (const auto* project = plan->As<Project>()) AddExpressions(project->expressions());
    if (const auto* aggregate = plan->As<Aggregate>()) {
      AddExpressions(aggregate->groups());
      AddExpressions(aggregate->aggregates());
    }
    if (const auto* all = plan->As<Union>()) AddUnion(*all);
  }

  std::vector<SourceColumn> Of(ColumnId id) const {
    const auto found = sources_.find(id);
    if (found == sources_.end()) return {};
    return {found->second.begin(), found->second.end()};
  }

 private:
  void Add(ColumnId target, ColumnId source) {
    if (target == source) return;
    const Sources from = sources_[source];
    sources_[target].insert(from.begin(), from.end());
  }

  void AddScan(const Scan& scan) {
    const catalog::Table& table = *scan.table();
    for (size_t i = 0; i < scan.columns().size(); ++i) {
      sources_[scan.output()[i].id].insert({table.location(), table.schema().field(scan.columns()[i].position).name});
    }
  }

  void AddExpressions(const std::vector<NamedExpr>& expressions) {
    for (const NamedExpr& named : expressions) AddExpression(*named.expr, named.column.id);
  }

  // The filter of an aggregate decides which rows count, as WHERE does.
  void AddExpression(const Expression& expr, ColumnId target) {
    if (const auto* call = expr.As<AggregateCall>()) {
      for (size_t i = 0; i < call->num_arguments(); ++i) AddExpression(*call->children()[i], target);
      return;
    }
    for (const ColumnId source : ReferencedColumns(expr)) Add(target, source);
  }

  void AddUnion(const Union& all) {
    for (const PlanPtr& input : all.inputs()) {
      for (size_t i = 0; i < all.output().size(); ++i) Add(all.output()[i].id, input->output()[i].id);
    }
  }

  std::map<ColumnId, Sources> sources_;
};

}  // namespace

std::vector<ColumnLineage> TraceColumns(const PlanPtr& plan) {
  Tracer tracer;
  tracer.Visit(plan);
  std::vector<ColumnLineage> lineage;
  for (const OutputColumn& column : plan->output()) lineage.push_back({column.name, tracer.Of(column.id)});
  return lineage;
}

}  // namespace quell::logical
