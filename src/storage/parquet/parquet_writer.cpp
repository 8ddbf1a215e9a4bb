#include "storage/parquet/parquet_writer.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <arrow/array/util.h>
#include <arrow/io/buffered.h>
#include <arrow/record_batch.h>
#include <arrow/util/compression.h>
#include <parquet/exception.h>
#include <parquet/metadata.h>
#include <parquet/properties.h>
#include <parquet/statistics.h>

#include "base/arrow_result.h"
#include "base/error_classes.h"
#include "base/memory_pool.h"
#include "storage/parquet/leaf_type.h"
#include "storage/parquet/not_null.h"

namespace quell::storage {

namespace {

arrow::Compression::type CodecOf(const std::string& name) {
  if (name == "none" || name == "uncompressed") return arrow::Compression::UNCOMPRESSED;
  if (name == "zstd") return arrow::Compression::ZSTD;
  if (name == "snappy") return arrow::Compression::SNAPPY;
  if (name == "gzip") return arrow::Compression::GZIP;
  // Parquet's LZ4 is the raw block format; the framed one is deprecated.
  if (name == "lz4" || name == "lz4_raw") return arrow::Compression::LZ4;
  throw Error(error_class::kInvalidParameterValue,
              "unknown compression '{}'; use zstd, snappy, gzip, lz4_raw or uncompressed", name);
}

std::shared_ptr<parquet::WriterProperties> WriterPropertiesOf(const ParquetWriterOptions& options,
                                                              arrow::MemoryPool* pool) {
  parquet::WriterProperties::Builder builder;
  builder.memory_pool(pool)
      ->version(parquet::ParquetVersion::PARQUET_2_6)
      ->data_page_version(parquet::ParquetDataPageVersion::V1)
      ->compression(CodecOf(options.compression))
      ->max_row_group_length(options.row_group_rows)
      ->enable_store_decimal_as_integer()
      ->enable_write_page_index();
  return builder.build();
}

template <typename T>
bool HasNan(const Column& column, int64_t num_rows) {
  const T* values = column.values<T>();
  bool found = false;
  for (int64_t i = 0; i < num_rows; ++i) found |= std::isnan(values[i]);
  return found;
}

// Widens `range` by the statistics of one row group.
void Merge(ColumnRange* range, const ColumnRange& part, bool is_first) {
  if (is_first) {
    *range = part;
    return;
  }
  const auto merge_bound = [&](std::optional<Value>* bound, const std::optional<Value>& other, int sign,
                               bool has_values) {
    if (!has_values) return;
    if (!other) {
      bound->reset();
    } else if (*bound && CompareValues(*other, **bound) * sign > 0) {
      *bound = other;
    }
  };
  const auto is_all_null = [](const ColumnRange& r) {
    return r.null_count && r.num_rows && *r.null_count == *r.num_rows;
  };
  if (is_all_null(*range)) {
    range->min = part.min;
    range->max = part.max;
  } else {
    merge_bound(&range->min, part.min, -1, !is_all_null(part));
    merge_bound(&range->max, part.max, 1, !is_all_null(part));
  }
  range->null_count =
      range->null_count && part.null_count ? std::optional(*range->null_count + *part.null_count) : std::nullopt;
  *range->num_rows += *part.num_rows;
}

}  // namespace

ParquetWriter::ParquetWriter(std::unique_ptr<OutputFile> file, const Schema& schema,
                             const ParquetWriterOptions& options)
    : schema_(schema),
      options_(options),
      file_(std::move(file)),
      output_(std::make_shared<ArrowOutput>(file_)),
      arrow_schema_(ToArrowSchema(schema)),
      pool_(EnginePool()),
      has_nan_(schema.num_fields(), false) {
  constexpr int64_t kBufferBytes = 256 * 1024;
  stream_ = Unwrap(arrow::io::BufferedOutputStream::Create(kBufferBytes, &pool_, output_), error_class::kOutOfMemory,
                   "allocate a write buffer");
  auto arrow_properties = parquet::ArrowWriterProperties::Builder().build();
  writer_ = Unwrap(parquet::arrow::FileWriter::Open(*arrow_schema_, &pool_, stream_,
                                                    WriterPropertiesOf(options, &pool_), std::move(arrow_properties)),
                   error_class::kFailedWriteFile, "write a Parquet file");
}

ParquetWriter::~ParquetWriter() { output_->Abandon(); }

void ParquetWriter::NoteNan(const Batch& batch) {
  for (size_t i = 0; i < batch.columns.size(); ++i) {
    if (has_nan_[i]) continue;
    const TypeId id = batch.columns[i].type.id();
    if (id == TypeId::kFloat) has_nan_[i] = HasNan<float>(batch.columns[i], batch.num_rows);
    if (id == TypeId::kDouble) has_nan_[i] = HasNan<double>(batch.columns[i], batch.num_rows);
  }
}

void ParquetWriter::Write(const Batch& batch) {
  if (batch.num_selected() == 0) return;
  Batch dense = batch.selection ? Compact(batch) : batch;
  std::vector<ArrayDataPtr> arrays;
  for (size_t i = 0; i < dense.columns.size(); ++i) {
    Column& column = dense.columns[i];
    column = Flatten(column, dense.num_rows);
    arrays.push_back(WithoutForbiddenNulls(column.data, schema_.field(static_cast<int>(i))));
  }
  NoteNan(dense);
  if (row_group_rows_ == 0 || row_group_rows_ + dense.num_rows > options_.row_group_rows ||
      pool_.bytes_allocated() > options_.row_group_bytes) {
    Unwrap(writer_->NewBufferedRowGroup(), error_class::kFailedWriteFile, "write a row group");
    row_group_rows_ = 0;
  }
  const auto record_batch = arrow::RecordBatch::Make(arrow_schema_, dense.num_rows, std::move(arrays));
  Unwrap(writer_->WriteRecordBatch(*record_batch), error_class::kFailedWriteFile, "write rows");
  num_rows_ += dense.num_rows;
  row_group_rows_ += dense.num_rows;
}

int64_t ParquetWriter::bytes_written() const { return file_->bytes_written() + pool_.bytes_allocated(); }

WrittenParquet ParquetWriter::Close() {
  Unwrap(writer_->Close(), error_class::kFailedWriteFile, "end a Parquet file");
  Unwrap(stream_->Close(), error_class::kFailedWriteFile, "end a Parquet file");
  WrittenParquet written = Describe();
  file_->Close();
  written.size_bytes = file_->bytes_written();
  return written;
}

WrittenParquet ParquetWriter::Describe() const {
  WrittenParquet written;
  written.num_rows = num_rows_;
  const std::shared_ptr<parquet::FileMetaData> metadata = writer_->metadata();
  for (int leaf = 0; leaf < metadata->num_columns(); ++leaf) {
    const parquet::ColumnDescriptor& column = *metadata->schema()->Column(leaf);
    if (column.max_repetition_level() > 0) continue;
    const std::string name = column.path()->ToDotString();
    const LeafType type = LeafType::Of(column);
    ColumnRange range;
    for (int i = 0; i < metadata->num_row_groups(); ++i) {
      const auto row_group = metadata->RowGroup(i);
      ColumnRange part;
      part.num_rows = row_group->num_rows();
      const auto statistics = row_group->ColumnChunk(leaf)->encoded_statistics();
      if (statistics && statistics->has_null_count) part.null_count = statistics->null_count;
      if (statistics && statistics->has_min) part.min = DecodeBound(type, statistics->min());
      if (statistics && statistics->has_max) part.max = DecodeBound(type, statistics->max());
      Merge(&range, part, i == 0);
    }
    const std::optional<int> top = column.path()->ToDotVector().size() == 1 ? schema_.IndexOf(name) : std::nullopt;
    const bool is_nested_float = !top && type.type.is_fractional();
    if (is_nested_float || (top && has_nan_[*top])) range.min = range.max = std::nullopt;
    written.ranges.emplace(name, std::move(range));
  }
  return written;
}

}  // namespace quell::storage
