// A Parquet file: its footer, schema and statistics.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <parquet/metadata.h>

#include "data/schema.h"
#include "storage/column_range.h"
#include "storage/file_system.h"

namespace quell::storage {

// A column as a path of names from the root, such as {"address", "city"}.
using ColumnPath = std::vector<std::string>;

// Where a wanted column stands in a file.
struct FileColumn {
  std::vector<int> leaves;  // positions of the primitive columns below it
  bool is_leaf = false;     // a primitive column itself, below no list and no map
  Type type;                // as the file has it
};

// Immutable once opened, and shared by all scans of it: thread-safe.
class ParquetFile {
 public:
  // Reads the footer. Throws FAILED_READ_FILE when the file is empty, truncated, not Parquet, encrypted or has an
  // impossible footer. `metrics` may be null.
  static std::shared_ptr<const ParquetFile> Open(FileSystem& file_system, const Uri& uri,
                                                 std::optional<int64_t> known_size_bytes = {},
                                                 Metrics* metrics = nullptr);

  const std::string& path() const { return input_->path(); }
  int64_t size_bytes() const { return input_->size_bytes(); }
  const std::shared_ptr<RandomAccessFile>& input() const { return input_; }
  const std::shared_ptr<parquet::FileMetaData>& metadata() const { return metadata_; }
  const Schema& schema() const { return schema_; }

  int64_t num_rows() const { return metadata_->num_rows(); }
  int num_row_groups() const { return static_cast<int>(first_rows_.size()) - 1; }
  int64_t row_group_rows(int row_group) const { return first_rows_[row_group + 1] - first_rows_[row_group]; }
  // The position in the file of the first row of a row group.
  int64_t row_group_first_row(int row_group) const { return first_rows_[row_group]; }
  // Compressed bytes of some primitive columns of a row group.
  int64_t row_group_bytes(int row_group, std::span<const int> leaves) const;

  // The column by exact name, else without regard to case; nullopt when the file has none.
  std::optional<FileColumn> Find(const ColumnPath& path) const;
  // Statistics of a primitive column in a row group, as far as the writer can be trusted.
  ColumnRange Range(int row_group, int leaf) const;
  // "file '...', row group 3, column 'a.b'".
  std::string Place(int row_group, int leaf) const;

 private:
  ParquetFile(std::shared_ptr<RandomAccessFile> input, std::shared_ptr<parquet::FileMetaData> metadata);

  std::shared_ptr<RandomAccessFile> input_;
  std::shared_ptr<parquet::FileMetaData> metadata_;
  Schema schema_;
  std::vector<int64_t> first_rows_;
};

using ParquetFilePtr = std::shared_ptr<const ParquetFile>;

}  // namespace quell::storage
