// Conditions, beside NOT NULL, that every row of a table must meet.
#pragma once

#include <string>

namespace quell {

struct Constraint {
  std::string name;
  std::string condition;  // SQL over the table's columns; true of every row
};

}  // namespace quell
