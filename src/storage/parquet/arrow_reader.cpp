#include "storage/parquet/arrow_reader.h"

#include <algorithm>
#include <utility>

#include <arrow/array.h>
#include <arrow/array/concatenate.h>
#include <arrow/array/util.h>
#include <parquet/exception.h>
#include <parquet/file_reader.h>

#include "base/arrow_result.h"
#include "base/error_classes.h"
#include "base/memory_pool.h"
#include "base/one_line.h"
#include "storage/parquet/arrow_input.h"

namespace quell::storage {

namespace {

// Leaves out the primitive columns below `node` that `type` has no use for.
void WantedLeaves(const parquet::SchemaDescriptor& schema, const parquet::schema::Node& node, const Type& type,
                  std::vector<int>* leaves) {
  if (node.is_primitive()) {
    leaves->push_back(schema.ColumnIndex(node));
    return;
  }
  const auto& group = static_cast<const parquet::schema::GroupNode&>(node);
  const bool is_struct = type.id() == TypeId::kStruct && !node.is_repeated();
  bool found = false;
  for (int i = 0; is_struct && i < group.field_count(); ++i) {
    for (const Field& member : type.children()) {
      if (!SameName(member.name, group.field(i)->name())) continue;
      WantedLeaves(schema, *group.field(i), member.type, leaves);
      found = true;
    }
  }
  // Lists and maps are read whole; a struct without any wanted member still tells which of its rows are NULL.
  for (int i = 0; !found && i < group.field_count(); ++i) WantedLeaves(schema, *group.field(i), Type(), leaves);
}

const parquet::schema::Node& NodeAt(const parquet::SchemaDescriptor& schema, const ColumnPath& path) {
  const parquet::schema::Node* node = schema.group_node();
  for (const std::string& name : path) {
    const auto& group = static_cast<const parquet::schema::GroupNode&>(*node);
    int position = group.FieldIndex(name);
    for (int i = 0; position < 0 && i < group.field_count(); ++i) {
      if (SameName(group.field(i)->name(), name)) position = i;
    }
    node = group.field(position).get();
  }
  return *node;
}

std::vector<int> LeavesOf(const ParquetFile& file, const ColumnPath& path, const Type& type) {
  std::vector<int> leaves;
  const parquet::SchemaDescriptor& schema = *file.metadata()->schema();
  WantedLeaves(schema, NodeAt(schema, path), type, &leaves);
  std::sort(leaves.begin(), leaves.end());
  leaves.erase(std::unique(leaves.begin(), leaves.end()), leaves.end());
  return leaves;
}

}  // namespace

ArrowReader::ArrowReader(ParquetFilePtr file, int row_group, const ColumnPath& path, const FileColumn& column,
                         Type type, Metrics* metrics)
    : file_(std::move(file)),
      row_group_(row_group),
      path_(path),
      leaves_(LeavesOf(*file_, path, type)),
      type_(std::move(type)),
      place_(file_->Place(row_group, column.leaves.front())),
      metrics_(metrics) {}

void ArrowReader::Open() {
  parquet::ArrowReaderProperties properties(false);
  properties.set_batch_size(kBatchRows);
  properties.set_pre_buffer(file_->input()->is_remote());
  parquet::ReaderProperties reader_properties(EnginePool());
  reader_properties.set_page_checksum_verification(true);
  if (!file_->input()->is_remote()) {
    constexpr int64_t kBufferBytes = 256 * 1024;
    reader_properties.enable_buffered_stream();
    reader_properties.set_buffer_size(kBufferBytes);
  }
  auto parquet_reader =
      parquet::ParquetFileReader::Open(MakeArrowInput(file_->input()), reader_properties, file_->metadata());
  reader_ = Unwrap(parquet::arrow::FileReader::Make(EnginePool(), std::move(parquet_reader), properties),
                   error_class::kFailedReadFile, place_);
  batches_ = Unwrap(reader_->GetRecordBatchReader({row_group_}, leaves_), error_class::kFailedReadFile, place_);
}

void ArrowReader::NextBatch() {
  Unwrap(batches_->ReadNext(&batch_), error_class::kFailedReadFile, place_);
  batch_position_ = 0;
  if (!batch_)
    throw Error(error_class::kFailedReadFile, "{}: fewer rows than the row group; write the file again", place_);
  decoded_rows_ += batch_->num_rows();
  if (!metrics_) return;
  // Arrow does not tell what it decompresses, so each row counts for its share of the pages.
  const auto row_group = file_->metadata()->RowGroup(row_group_);
  double bytes = 0;
  for (const int leaf : leaves_) bytes += static_cast<double>(row_group->ColumnChunk(leaf)->total_uncompressed_size());
  const double share = static_cast<double>(decoded_rows_) / static_cast<double>(file_->row_group_rows(row_group_));
  const auto decompressed_bytes = static_cast<int64_t>(bytes * share);
  metrics_->bytes_decompressed.Add(decompressed_bytes - decompressed_bytes_);
  decompressed_bytes_ = decompressed_bytes;
}

ArrayDataPtr ArrowReader::Take(int64_t count) {
  while (!batch_ || batch_position_ == batch_->num_rows()) NextBatch();
  count = std::min(count, batch_->num_rows() - batch_position_);
  std::shared_ptr<arrow::Array> array = batch_->column(0)->Slice(batch_position_, count);
  for (size_t i = 1; i < path_.size(); ++i) {
    const auto& parent = static_cast<const arrow::StructArray&>(*array);
    int position = 0;
    while (!SameName(parent.struct_type()->field(position)->name(), path_[i])) ++position;
    array = Unwrap(parent.GetFlattenedField(position), error_class::kFailedReadFile, place_);
  }
  batch_position_ += count;
  row_ += count;
  return array->data();
}

Column ArrowReader::Read(RowRange rows, std::span<const RowRange>) {
  try {
    if (!reader_) Open();
    while (row_ < rows.begin) Take(rows.begin - row_);
    arrow::ArrayVector parts;
    while (row_ < rows.end) parts.push_back(arrow::MakeArray(ConformArray(Take(rows.end - row_), type_, place_)));
    if (parts.size() == 1) return Column{type_, Encoding::kFlat, parts[0]->data()};
    auto joined = Unwrap(arrow::Concatenate(parts, EnginePool()), error_class::kFailedReadFile, place_);
    return Column{type_, Encoding::kFlat, joined->data()};
  } catch (const parquet::ParquetException& corrupt) {
    throw Error(error_class::kFailedReadFile, "{}: {}; write the file again", place_, OneLine(corrupt.what()));
  }
}

}  // namespace quell::storage
