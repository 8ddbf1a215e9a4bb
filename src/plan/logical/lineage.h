// Lineage of columns: what the columns of a plan are computed from.
#pragma once

#include <compare>
#include <string>
#include <vector>

#include "plan/logical/plan.h"

namespace quell::logical {

// A column of a table that is read.
struct SourceColumn {
  std::string location;  // of the table: catalog::Table::location()
  std::string column;
  auto operator<=>(const SourceColumn&) const = default;
};

struct ColumnLineage {
  std::string column;
  std::vector<SourceColumn> sources;  // sorted, without repeats; none for a constant and for count(*)
};

// Traces each output column of an analyzed plan back to the tables. Only what a value is computed from counts: filters,
// sort keys and the groups of an aggregate decide which rows there are, and are no source of the other columns.
std::vector<ColumnLineage> TraceColumns(const PlanPtr& plan);

}  // namespace quell::logical
