// The domain "delta.clustering": the columns that a table is clustered by.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "delta/spec/domain_metadata.h"

namespace quell::delta {

// Physical names, those of members joined by points. Empty for a table that is not clustered, and where the domain
// cannot be read.
std::vector<std::string> ClusteringColumns(const std::map<std::string, DomainMetadata>& domains);

}  // namespace quell::delta
