// What the scans of all formats have in common: what they ask a table for, and where they count what they read.
#pragma once

#include <utility>

#include "catalog/table.h"
#include "execution/operator_counters.h"
#include "execution/physical/node.h"
#include "execution/resources.h"

namespace quell::execution {

// What the table is told, so that it can leave out files. Conjuncts over members of columns are not.
catalog::ScanRequest RequestOf(const ScanNode& node);

// The statement's storage, whose reads count for the operator.
storage::StorageContext CountedStorage(const Resources& resources, OperatorCounters& counters);

// When it goes, what the operator read counts for the statement, too. What may still read stands behind it in its
// owner, so that it goes first.
class CountsForStatement {
 public:
  CountsForStatement(const Resources& resources, OperatorCountersPtr counters)
      : total_(resources.context.metrics), counters_(std::move(counters)) {}
  ~CountsForStatement() { AddTo(counters_->scan, total_); }
  CountsForStatement(const CountsForStatement&) = delete;
  CountsForStatement& operator=(const CountsForStatement&) = delete;

 private:
  Metrics* const total_;
  const OperatorCountersPtr counters_;
};

}  // namespace quell::execution
