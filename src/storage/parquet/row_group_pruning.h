// Which rows of a row group a filter can still select, by statistics, bloom filters and the page index.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <parquet/page_index.h>

#include "storage/parquet/row_group_scan.h"

namespace quell::storage {

// The parts of `rows` that are left: ascending, disjoint. `file_columns` says where each column of the spec stands in
// the file. Indexes that cannot be read prune nothing.
std::vector<RowRange> PruneRows(const ParquetFile& file, int row_group, RowRange rows, const ScanSpec& spec,
                                const std::vector<std::optional<FileColumn>>& file_columns);

// nullptr when the file has none for this primitive column.
std::shared_ptr<parquet::OffsetIndex> ReadOffsetIndex(const ParquetFile& file, int row_group, int leaf);

}  // namespace quell::storage
