// What every row of a table must meet.
// Source: the Delta protocol, "CHECK Constraints" and "Column Invariants".
#pragma once

#include <map>
#include <string>
#include <vector>

#include "data/constraint.h"
#include "data/schema.h"

namespace quell::delta {

bool HasCheckConstraint(const std::map<std::string, std::string>& configuration);
// True when a column, or a member of structs outside of arrays and maps, is NOT NULL: what Delta calls an invariant.
bool AnyMemberIsNotNull(const std::vector<Field>& fields);
// The conditions beside NOT NULL: CHECK constraints in the order of their properties, then the invariants of columns,
// named after their columns. Throws DELTA_MALFORMED_LOG_FILE.
std::vector<Constraint> ConstraintsOf(const std::map<std::string, std::string>& configuration,
                                      const std::vector<Field>& columns);

}  // namespace quell::delta
