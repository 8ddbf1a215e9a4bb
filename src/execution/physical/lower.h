// Column ids of logical plans to positions of physical ones.
#pragma once

#include <unordered_map>

#include "plan/logical/plan.h"

namespace quell::execution {

// Where each column of a logical node's output stands in a batch.
class ColumnPositions {
 public:
  explicit ColumnPositions(const logical::OutputColumns& columns);
  // `expr` with an InputRef in place of each ColumnRef.
  ExprPtr Lower(const ExprPtr& expr) const;
  ExprList Lower(const ExprList& expressions) const;

 private:
  std::unordered_map<ColumnId, int> positions_;
};

Schema SchemaOf(const logical::OutputColumns& columns);

}  // namespace quell::execution
