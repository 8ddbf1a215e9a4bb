// One SELECT: its list, groups, HAVING and DISTINCT, with the ORDER BY over it, which may use columns that the list
// leaves out.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "analyzer/aggregate_builder.h"
#include "analyzer/expression_binder.h"
#include "plan/unresolved/relation.h"

namespace quell::analyzer {

// A plan, and the names that the relations above it can use: one for each output column.
struct AnalyzedRelation {
  logical::PlanPtr plan;
  Scope scope;
};

struct SelectBlock {
  const std::vector<unresolved::ExprPtr>* list = nullptr;
  const unresolved::Aggregate* aggregate = nullptr;  // nullptr without GROUP BY and HAVING
  bool is_distinct = false;
  const unresolved::Sort* sort = nullptr;  // nullptr without ORDER BY
};

class SelectAnalyzer {
 public:
  SelectAnalyzer(const Context& context, AnalyzedRelation input, const SelectBlock& block);
  AnalyzedRelation Analyze();

 private:
  struct Item {
    ExprPtr expr;
    std::string name;
    bool has_alias;
  };

  void BindTimeWindow();
  void BindList();
  std::unique_ptr<AggregateBuilder> MakeAggregate();
  std::unique_ptr<AggregateBuilder> MakeGroupingSets();
  ExprList BindGroup(const unresolved::ExprPtr& group);
  ExprList GroupsOfAll() const;
  static ExprList GroupColumns(const ExprPtr& group);
  ExprPtr BindHaving();
  void BindAggregate();
  void BindOutput();
  void PlanInput();
  void PlanSorted();
  logical::SortKey BindSortKey(const unresolved::SortOrder& order, ExpressionBinder& binder);
  ExprPtr OverOutput(const ExprPtr& expr) const;
  ExpressionBinder MakeBinder(std::vector<const Names*> names, std::vector<const Names*> aggregate_names) const;
  ExprPtr BindGrouping(const unresolved::Expression& expr) const;

  const Context& context_;
  Scope input_;
  logical::PlanPtr plan_;
  const SelectBlock& block_;
  Aliases time_window_;  // "window", where the groups have a call of window()
  std::vector<Item> items_;
  std::unique_ptr<AggregateBuilder> aggregate_;  // nullptr: nothing is aggregated
  ExprPtr having_;
  std::vector<logical::NamedExpr> list_;  // the items over the Aggregate, if there is one
};

}  // namespace quell::analyzer
