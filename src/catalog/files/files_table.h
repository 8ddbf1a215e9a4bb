// A folder, a glob or one file of Parquet, CSV or JSON as a table, with Hive-style partition folders as columns.
#pragma once

#include "catalog/catalog.h"

namespace quell::catalog {

// `location` may hold the wildcards * ? [abc] {a,b}. Throws PATH_NOT_FOUND when nothing is there.
TablePtr OpenFilesTable(const TableName& name, const std::string& format, const storage::Uri& location,
                        const storage::StorageContext& context);

}  // namespace quell::catalog
