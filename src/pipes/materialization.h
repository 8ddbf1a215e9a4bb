// What Dagster shows of a table that was made: the metadata of a materialization.
#pragma once

#include <string>

#include "cost/report.h"
#include "pipes/bootstrap.h"
#include "session/session.h"

namespace quell::pipes {

// The params of `report_asset_materialization`: the Delta version, rows, bytes, seconds, peak memory and costs, and
// under the names that Dagster knows (dagster/row_count, dagster/column_schema, dagster/column_lineage) the table.
// Lineage names only tables that are assets. `usage` is that of all statements of the step. `commit` has a version; of
// one that a cluster made, only that and the seconds are known.
std::string MaterializationJson(const StepContext& step, const StatementOutcome& commit, const cost::Usage& usage,
                                double dbu_usd);

}  // namespace quell::pipes
