// Reads columns that our kernels do not cover (lists, maps, structs) with libparquet's Arrow reader.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <arrow/record_batch.h>
#include <parquet/arrow/reader.h>

#include "storage/parquet/column_source.h"
#include "storage/parquet/parquet_file.h"

namespace quell::storage {

class ArrowReader final : public ColumnSource {
 public:
  // Reads the column at `path`, a group or a leaf, as `type`: members that `type` leaves out are not read, members that
  // the file does not have are NULL. `metrics` may be null.
  ArrowReader(ParquetFilePtr file, int row_group, const ColumnPath& path, const FileColumn& column, Type type,
              Metrics* metrics);

  Column Read(RowRange rows, std::span<const RowRange> wanted) override;

 private:
  void Open();
  void NextBatch();
  // The next rows of the current record batch, at most `count`.
  ArrayDataPtr Take(int64_t count);

  const ParquetFilePtr file_;
  const int row_group_;
  const ColumnPath path_;
  const std::vector<int> leaves_;
  const Type type_;
  const std::string place_;
  Metrics* const metrics_;
  std::unique_ptr<parquet::arrow::FileReader> reader_;
  std::unique_ptr<arrow::RecordBatchReader> batches_;
  std::shared_ptr<arrow::RecordBatch> batch_;
  int64_t batch_position_ = 0;
  int64_t decoded_rows_ = 0;
  int64_t decompressed_bytes_ = 0;  // counted so far
  int64_t row_ = 0;
};

// The values of `from`, in any physical form, as a flat column of `type`: integers widened, strings and time units made
// ours, members of structs found by name. `place` is for errors.
ArrayDataPtr ConformArray(const ArrayDataPtr& from, const Type& type, const std::string& place);

}  // namespace quell::storage
