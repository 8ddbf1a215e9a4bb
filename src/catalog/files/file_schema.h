// The schema of one file, by its format.
#pragma once

#include <map>
#include <string>

#include "catalog/table.h"
#include "storage/file_system.h"

namespace quell::catalog {

// Parquet: from the footer. CSV and JSON: inferred from the first rows, by the options of Spark's readers.
Schema ReadFileSchema(storage::FileSystem& files, const storage::FileInfo& info, FileFormat format,
                      const std::map<std::string, std::string>& options);

}  // namespace quell::catalog
