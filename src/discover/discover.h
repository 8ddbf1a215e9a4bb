// Looks through a folder or prefix: listings and footers alone.
#pragma once

#include "base/cancellation.h"
#include "discover/discovery.h"
#include "storage/file_system.h"

namespace quell::discover {

struct DiscoverOptions {
  storage::StorageContext storage;
  int num_threads = 0;  // 0: as suits the store
};

// Files whose names (or folders) begin with "_" or "." are left out. Memory does not grow with the number of files, but
// for the names in a Delta table's current version. Throws PATH_NOT_FOUND when nothing is there.
Discovery Discover(const storage::Uri& uri, const DiscoverOptions& options);

}  // namespace quell::discover
