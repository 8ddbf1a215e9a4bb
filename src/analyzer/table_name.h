// What the catalog has under the names that a statement gives.
#pragma once

#include "analyzer/analyzer.h"

namespace quell::analyzer {

// What the catalog calls the table; evaluates the timestamp of a time travel.
catalog::TableName CatalogName(const Context& context, const unresolved::NamedTable& table);

struct FoundTable {
  catalog::TableName name;
  catalog::TablePtr table;  // nullptr where there is none
};

// The table to read. A path that ends in a version or a time, as in delta.`path@v3`, names the table without it, unless
// there is one at the whole path; what is found has the name with the version apart.
FoundTable FindTable(const Context& context, const catalog::TableName& name);

}  // namespace quell::analyzer
