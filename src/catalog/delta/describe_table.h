// DESCRIBE DETAIL and DESCRIBE HISTORY of Delta tables, with the columns that delta-spark gives.
#pragma once

#include "catalog/table.h"
#include "delta/snapshot/snapshot.h"

namespace quell::catalog {

DescriptionRows DescribeDetail(const delta::Snapshot& snapshot);
// The newest commits of the log, whichever version the snapshot is of.
DescriptionRows DescribeHistory(const delta::Snapshot& snapshot);

}  // namespace quell::catalog
