// Conditions, beside NOT NULL, that every row of a table must meet.
// Source: the Delta protocol, "CHECK Constraints" and "Column Invariants".
#pragma once

#include <map>
#include <string>
#include <vector>

#include "data/schema.h"

namespace quell::delta {

struct Constraint {
  std::string name;
  std::string condition;  // SQL over the table's columns; true of every row
};

bool HasCheckConstraint(const std::map<std::string, std::string>& configuration);
// CHECK constraints by name, then the invariants of columns, named after their columns. Throws
// DELTA_MALFORMED_LOG_FILE.
std::vector<Constraint> ConstraintsOf(const std::map<std::string, std::string>& configuration,
                                      const std::vector<Field>& columns);

}  // namespace quell::delta
