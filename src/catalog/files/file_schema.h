// The schema of the files of a folder, by their format.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "catalog/table.h"
#include "storage/file_system.h"

namespace quell::catalog {

// Of one file at least. Parquet: from the footer of the first. CSV and JSON: inferred from the rows of all, by the
// options of Spark's readers.
Schema ReadFileSchema(storage::FileSystem& files, const std::vector<storage::FileInfo>& infos, FileFormat format,
                      const std::map<std::string, std::string>& options);

}  // namespace quell::catalog
