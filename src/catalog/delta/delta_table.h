// Delta tables behind the catalog's interfaces.
#pragma once

#include <memory>

#include "catalog/catalog.h"

namespace quell::catalog {

// nullptr when there is no Delta table in the folder.
TablePtr OpenDeltaTable(const TableName& name, const storage::Uri& folder, const storage::StorageContext& context);
std::unique_ptr<TableWrite> BeginDeltaWrite(const WriteRequest& request, const storage::Uri& folder,
                                            const storage::StorageContext& context);

}  // namespace quell::catalog
