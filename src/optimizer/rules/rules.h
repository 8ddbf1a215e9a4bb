// The rules, each in its own file, and the order in which they are tried.
#pragma once

#include <memory>
#include <vector>

#include "optimizer/optimizer.h"

namespace quell::optimizer {

// Replaces constant sub-expressions by their values, simplifies AND, OR and CASE over literals, and takes members out
// of structs that are made on the spot.
class FoldConstants final : public Rule {
 public:
  const char* name() const override { return "FoldConstants"; }
  logical::PlanPtr Rewrite(const logical::PlanPtr& plan) const override;
};

// Filter(Filter(x)) becomes one Filter; a Filter that is always true goes, one that is never true becomes no rows.
class SimplifyFilter final : public Rule {
 public:
  const char* name() const override { return "SimplifyFilter"; }
  logical::PlanPtr Rewrite(const logical::PlanPtr& plan) const override;
};

// Project(Project(x)) becomes one Project, where no expensive expression would be computed twice.
class MergeProjects final : public Rule {
 public:
  const char* name() const override { return "MergeProjects"; }
  logical::PlanPtr Rewrite(const logical::PlanPtr& plan) const override;
};

// A Project that passes all columns through in order goes.
class RemoveIdentityProject final : public Rule {
 public:
  const char* name() const override { return "RemoveIdentityProject"; }
  logical::PlanPtr Rewrite(const logical::PlanPtr& plan) const override;
};

// Filter(Project(x)) becomes Project(Filter(x)), unless the filter or the project is not deterministic.
class PushFilterBelowProject final : public Rule {
 public:
  const char* name() const override { return "PushFilterBelowProject"; }
  logical::PlanPtr Rewrite(const logical::PlanPtr& plan) const override;
};

// Conjuncts over grouping columns alone go below the Aggregate, which must have groups.
class PushFilterBelowAggregate final : public Rule {
 public:
  const char* name() const override { return "PushFilterBelowAggregate"; }
  logical::PlanPtr Rewrite(const logical::PlanPtr& plan) const override;
};

// Filter(Sort(x)) becomes Sort(Filter(x)), unless the Sort keeps only the first rows.
class PushFilterBelowSort final : public Rule {
 public:
  const char* name() const override { return "PushFilterBelowSort"; }
  logical::PlanPtr Rewrite(const logical::PlanPtr& plan) const override;
};

// Filter(Union(a, b)) becomes Union(Filter(a), Filter(b)).
class PushFilterBelowUnion final : public Rule {
 public:
  const char* name() const override { return "PushFilterBelowUnion"; }
  logical::PlanPtr Rewrite(const logical::PlanPtr& plan) const override;
};

// Filter(Scan) becomes a Scan that filters: it prunes partitions, files, row groups and pages, and decodes late.
class PushFilterIntoScan final : public Rule {
 public:
  const char* name() const override { return "PushFilterIntoScan"; }
  logical::PlanPtr Rewrite(const logical::PlanPtr& plan) const override;
};

// Limit(Limit(x)) becomes one; LIMIT 0 becomes no rows.
class SimplifyLimit final : public Rule {
 public:
  const char* name() const override { return "SimplifyLimit"; }
  logical::PlanPtr Rewrite(const logical::PlanPtr& plan) const override;
};

// Limit(Project(x)) becomes Project(Limit(x)).
class PushLimitBelowProject final : public Rule {
 public:
  const char* name() const override { return "PushLimitBelowProject"; }
  logical::PlanPtr Rewrite(const logical::PlanPtr& plan) const override;
};

// Limit(Union(a, b)) gets a Limit below each input, too.
class PushLimitBelowUnion final : public Rule {
 public:
  const char* name() const override { return "PushLimitBelowUnion"; }
  logical::PlanPtr Rewrite(const logical::PlanPtr& plan) const override;
};

// Limit(Sort(x)) becomes a TopN, which keeps only the first rows while it sorts.
class LimitSort final : public Rule {
 public:
  const char* name() const override { return "LimitSort"; }
  logical::PlanPtr Rewrite(const logical::PlanPtr& plan) const override;
};

// TopN(Project(x)) becomes Project(TopN(x)): what is cut off is not computed.
class PushTopNBelowProject final : public Rule {
 public:
  const char* name() const override { return "PushTopNBelowProject"; }
  logical::PlanPtr Rewrite(const logical::PlanPtr& plan) const override;
};

// TopN(Union(a, b)) gets a TopN below each input, too.
class PushTopNBelowUnion final : public Rule {
 public:
  const char* name() const override { return "PushTopNBelowUnion"; }
  logical::PlanPtr Rewrite(const logical::PlanPtr& plan) const override;
};

// Limit(Scan) tells the scan when it may stop.
class PushLimitIntoScan final : public Rule {
 public:
  const char* name() const override { return "PushLimitIntoScan"; }
  logical::PlanPtr Rewrite(const logical::PlanPtr& plan) const override;
};

// Sort(Sort(x)) keeps the outer order; aggregates whose values do not depend on the order need none below them.
class RemoveUselessSort final : public Rule {
 public:
  const char* name() const override { return "RemoveUselessSort"; }
  logical::PlanPtr Rewrite(const logical::PlanPtr& plan) const override;
};

// The rules that run to a fixed point before columns are pruned, and those after.
const std::vector<std::unique_ptr<Rule>>& SimplifyingRules();
const std::vector<std::unique_ptr<Rule>>& FinalRules();

}  // namespace quell::optimizer
