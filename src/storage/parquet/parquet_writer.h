// Writes batches to a Parquet file that every reader of Delta tables understands.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include <arrow/io/interfaces.h>
#include <arrow/memory_pool.h>
#include <parquet/arrow/writer.h>

#include "data/column.h"
#include "data/schema.h"
#include "storage/column_range.h"
#include "storage/file_system.h"
#include "storage/parquet/arrow_output.h"

namespace quell::storage {

struct ParquetWriterOptions {
  std::string compression = "zstd";  // or snappy, gzip, lz4_raw, uncompressed
  int64_t row_group_rows = 1'000'000;
  int64_t row_group_bytes = 64 * 1024 * 1024;  // compressed pages that are held in memory until a row group ends
};

// What became of a file: for Delta's statistics.
struct WrittenParquet {
  int64_t size_bytes = 0;
  int64_t num_rows = 0;
  // By column name, members of structs as "a.b"; nothing for what is below lists and maps. A column that may be too
  // long or too odd for bounds (NaN, long strings) has a null count alone.
  std::map<std::string, ColumnRange> ranges;
};

// Decimals are INT32 or INT64 where their digits fit, timestamps INT64 microseconds, and no Arrow schema is embedded.
// Memory is one row group of compressed pages. Destroyed before Close, it leaves no file. Not thread-safe.
class ParquetWriter {
 public:
  // Throws INVALID_PARAMETER_VALUE for a compression that is not known.
  ParquetWriter(std::unique_ptr<OutputFile> file, const Schema& schema, const ParquetWriterOptions& options);
  ~ParquetWriter();

  // Appends the selected rows. Throws DELTA_NOT_NULL_CONSTRAINT_VIOLATED when a column that is not nullable has a NULL.
  void Write(const Batch& batch);
  // Bytes of the file so far, pages in memory included: for rolling over to the next file.
  int64_t bytes_written() const;
  // Bytes of memory held.
  int64_t memory_bytes() const { return pool_.bytes_allocated(); }
  // Ends the file and makes it visible.
  WrittenParquet Close();

 private:
  void NoteNan(const Batch& batch);
  WrittenParquet Describe() const;

  const Schema schema_;
  const ParquetWriterOptions options_;
  const std::shared_ptr<OutputFile> file_;
  const std::shared_ptr<ArrowOutput> output_;  // to file_
  const std::shared_ptr<arrow::Schema> arrow_schema_;
  arrow::ProxyMemoryPool pool_;
  std::shared_ptr<arrow::io::OutputStream> stream_;
  std::unique_ptr<parquet::arrow::FileWriter> writer_;
  std::vector<bool> has_nan_;  // by column
  int64_t num_rows_ = 0;
  int64_t row_group_rows_ = 0;
};

}  // namespace quell::storage
