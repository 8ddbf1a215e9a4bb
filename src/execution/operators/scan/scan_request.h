// What the scans of all formats have in common: what they ask a table for, and where they count what they read.
#pragma once

#include "catalog/table.h"
#include "execution/operator_counters.h"
#include "execution/physical/node.h"
#include "execution/resources.h"

namespace quell::execution {

// What the table is told, so that it can leave out files. Conjuncts over members of columns are not.
catalog::ScanRequest RequestOf(const ScanNode& node);

// The statement's storage, whose reads count for the operator.
storage::StorageContext CountedStorage(const Resources& resources, OperatorCounters& counters);

}  // namespace quell::execution
