// Members of nested columns under other names than the file's.
#pragma once

#include <memory>

#include "storage/parquet/column_source.h"

namespace quell::storage {

// Gives what `source` gives as columns of `type`, which differs from the source's in names of members alone.
std::unique_ptr<ColumnSource> RenameMembers(std::unique_ptr<ColumnSource> source, const Type& type);

}  // namespace quell::storage
