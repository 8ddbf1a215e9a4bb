// Narrows the selection to the rows for which a predicate is true.
#pragma once

#include "execution/physical/node.h"
#include "execution/pipeline.h"
#include "expression/evaluator.h"

namespace quell::execution {

class FilterTransform final : public Transform {
 public:
  explicit FilterTransform(const FilterNode& node) : predicate_(node.predicate) {}
  Batch Apply(Batch input) override {
    input.selection = predicate_.Filter(input);
    return input;
  }

 private:
  Evaluator predicate_;
};

}  // namespace quell::execution
