// Divides the expressions of a grouped SELECT into what the Aggregate node computes and what is computed from its
// output.
#pragma once

#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "analyzer/scope.h"
#include "plan/logical/plan.h"

namespace quell::analyzer {

class AggregateBuilder {
 public:
  // `groups` are bound over the input. `is_group_by_all`: a column that is left over is an error of GROUP BY ALL.
  AggregateBuilder(const ExprList& groups, bool is_group_by_all);
  // GROUPING SETS: each set holds some of `groups`.
  AggregateBuilder(const ExprList& groups, std::vector<ExprList> sets);

  // The expression over the Aggregate's output: groups and aggregate calls become columns of it. Any other column
  // throws: UNRESOLVED_COLUMN with suggestions from `visible` where the clause could not see it (HAVING, ORDER BY), and
  // MISSING_AGGREGATION, MISSING_GROUP_BY or UNRESOLVED_ALL_IN_GROUP_BY in the list.
  ExprPtr Rewrite(const ExprPtr& expr, const Names* visible = nullptr);
  // Of GROUPING SETS: a BIGINT with a bit for each group, the first the highest, that is set where the group is not in
  // the row's set. nullptr without sets.
  ExprPtr grouping_id() const { return sets_.empty() ? nullptr : grouping_id_.Ref(); }
  // The bit of one group in grouping_id(), counted from the lowest; nullopt for an expression that is no group.
  std::optional<int64_t> GroupingBit(const ExprPtr& expr) const;
  bool IsGroup(const ExprPtr& expr) const { return GroupingBit(expr).has_value(); }
  // These columns are made above the Aggregate, and pass.
  void Allow(const logical::OutputColumns& columns);
  // With every aggregate that Rewrite has met.
  logical::PlanPtr Build(const logical::PlanPtr& input) const;

 private:
  void AddGroup(const ExprPtr& group, bool keeps_id);
  [[noreturn]] void ThrowMissing(const ColumnRef& column, const Names* visible) const;
  logical::PlanPtr BuildSet(const logical::PlanPtr& input, const ExprList& set) const;

  std::vector<logical::NamedExpr> groups_;
  std::vector<logical::NamedExpr> aggregates_;
  std::unordered_set<ColumnId> allowed_;
  std::vector<ExprList> sets_;
  logical::OutputColumn grouping_id_{};
  bool is_group_by_all_ = false;
};

}  // namespace quell::analyzer
