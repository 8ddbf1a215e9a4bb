// Repeats each row once for each set of columns, with NULL in the columns that are not in the set.
#pragma once

#include <vector>

#include "execution/physical/node.h"
#include "execution/pipeline.h"

namespace quell::execution {

class ExpandTransform final : public Transform {
 public:
  explicit ExpandTransform(const ExpandNode& node);
  Batch Apply(Batch input) override;

 private:
  std::vector<std::vector<bool>> keeps_;  // by copy and column
};

}  // namespace quell::execution
