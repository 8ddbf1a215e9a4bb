// Chooses how a wanted column is read from a row group.
#pragma once

#include <memory>

#include <parquet/page_index.h>

#include "storage/parquet/column_source.h"
#include "storage/parquet/parquet_file.h"
#include "storage/stream/range_reader.h"

namespace quell::storage {

struct ColumnRequest {
  ColumnPath path;
  FileColumn file_column;
  Type type;  // wanted
  int64_t window_bytes = 0;
  std::shared_ptr<RangeReader> reader;            // required
  std::shared_ptr<parquet::OffsetIndex> offsets;  // may be null
  Metrics* metrics = nullptr;                     // may be null
};

// Our kernels where they cover the column, Arrow's reader elsewhere, a cast behind either where the file's type is
// narrower. Throws FAILED_READ_FILE.PARQUET_COLUMN_DATA_TYPE_MISMATCH when the table's type cannot hold what the file
// has.
std::unique_ptr<ColumnSource> MakeColumnSource(const ParquetFilePtr& file, int row_group, const ColumnRequest& request);

}  // namespace quell::storage
