// Computes the columns of the output from those of the input.
#pragma once

#include <vector>

#include "execution/physical/node.h"
#include "execution/pipeline.h"
#include "expression/evaluator.h"

namespace quell::execution {

class ProjectTransform final : public Transform {
 public:
  explicit ProjectTransform(const ProjectNode& node);
  Batch Apply(Batch input) override;

 private:
  std::vector<Evaluator> common_;
  std::vector<Evaluator> expressions_;
};

}  // namespace quell::execution
