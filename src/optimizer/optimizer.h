// Rewrites a logical plan into one that computes the same rows with less work.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "plan/logical/plan.h"

namespace quell::optimizer {

// A rewrite of one node, tried at each node of the plan, inputs first. Stateless and thread-safe.
class Rule {
 public:
  virtual ~Rule() = default;
  virtual const char* name() const = 0;
  // nullptr when the rule does not apply. A rewrite keeps the output columns with their ids, and the rows.
  virtual logical::PlanPtr Rewrite(const logical::PlanPtr& plan) const = 0;
};

// Applies the rules in their order (rules/rules.cpp gives the reasons) until none applies.
logical::PlanPtr Optimize(logical::PlanPtr plan);

}  // namespace quell::optimizer
