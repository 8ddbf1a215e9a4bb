// Delta tables behind the catalog's interfaces.
#pragma once

#include <memory>

#include "catalog/catalog.h"
#include "delta/snapshot/snapshot.h"
#include "delta/transaction/transaction.h"

namespace quell::catalog {

// nullptr when there is no Delta table in the folder.
TablePtr OpenDeltaTable(const TableName& name, const storage::Uri& folder, const storage::StorageContext& context);
// The version that a table stands for; nullptr for nullptr and for tables that are no Delta tables.
delta::SnapshotPtr SnapshotOf(const TablePtr& table);
// Whether the read goes to a file, judged by what the log says of it. `read.table` is a Delta table.
delta::FilePredicate FilesRead(const TableRead& read);
// `snapshot` is the version that the statement follows on; nullptr for a table that is not there.
std::unique_ptr<TableWrite> BeginDeltaWrite(const WriteRequest& request, const storage::Uri& folder,
                                            const storage::StorageContext& context, delta::SnapshotPtr snapshot);

}  // namespace quell::catalog
