#include "storage/parquet/parquet_file.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include <arrow/type.h>
#include <parquet/arrow/schema.h>
#include <parquet/exception.h>
#include <parquet/properties.h>
#include <parquet/schema.h>
#include <parquet/statistics.h>

#include "base/arrow_result.h"
#include "base/error_classes.h"
#include "base/one_line.h"
#include "data/column.h"
#include "storage/parquet/leaf_type.h"

namespace quell::storage {

namespace {

constexpr int64_t kTailBytes = 64 * 1024;  // holds the whole footer of most files
constexpr std::string_view kMagic = "PAR1";
constexpr std::string_view kEncryptedMagic = "PARE";
constexpr int64_t kFooterEndBytes = 8;  // the length of the footer, and the magic

std::vector<uint8_t> ReadTail(RandomAccessFile& file, int64_t count) {
  std::vector<uint8_t> tail(count);
  file.ReadAt(file.size_bytes() - count, tail);
  return tail;
}

// The Thrift bytes of the footer.
std::vector<uint8_t> ReadFooter(RandomAccessFile& file) {
  const int64_t size = file.size_bytes();
  if (size < static_cast<int64_t>(kMagic.size()) + kFooterEndBytes) {
    throw Error(error_class::kFailedReadFile,
                "file '{}' of {} bytes is not a Parquet file; remove it, or write it again", file.path(), size);
  }
  std::vector<uint8_t> tail = ReadTail(file, std::min(size, kTailBytes));
  const std::string_view magic(reinterpret_cast<const char*>(tail.data() + tail.size() - kMagic.size()), kMagic.size());
  if (magic == kEncryptedMagic) {
    throw Error(error_class::kFailedReadFile, "file '{}' has an encrypted footer; decrypt it first", file.path());
  }
  if (magic != kMagic) {
    throw Error(error_class::kFailedReadFile,
                "file '{}' does not end as a Parquet file does: it is truncated or of another format; write it again",
                file.path());
  }
  uint32_t footer_bytes = 0;
  std::memcpy(&footer_bytes, tail.data() + tail.size() - kFooterEndBytes, sizeof(footer_bytes));
  const int64_t needed = kFooterEndBytes + int64_t{footer_bytes};
  if (needed + static_cast<int64_t>(kMagic.size()) > size) {
    throw Error(error_class::kFailedReadFile, "file '{}' of {} bytes announces a footer of {} bytes; write it again",
                file.path(), size, footer_bytes);
  }
  if (needed > static_cast<int64_t>(tail.size())) tail = ReadTail(file, needed);
  return {tail.end() - needed, tail.end() - kFooterEndBytes};
}

bool IsInside(const parquet::ColumnChunkMetaData& chunk, int64_t file_size) {
  int64_t begin = chunk.data_page_offset();
  if (chunk.has_dictionary_page() && chunk.dictionary_page_offset() > 0) {
    begin = std::min(begin, chunk.dictionary_page_offset());
  }
  const int64_t bytes = chunk.total_compressed_size();
  return begin >= 0 && bytes >= 0 && begin <= file_size && bytes <= file_size - begin && chunk.num_values() >= 0;
}

// The position of a member by exact name, else without regard to case.
std::optional<int> FindField(const parquet::schema::GroupNode& group, const std::string& name) {
  std::optional<int> similar;
  for (int i = 0; i < group.field_count(); ++i) {
    if (group.field(i)->name() == name) return i;
    if (!similar && SameName(group.field(i)->name(), name)) similar = i;
  }
  return similar;
}

bool IsPlainStruct(const parquet::schema::Node& node) {
  const bool is_annotated = node.converted_type() == parquet::ConvertedType::LIST ||
                            node.converted_type() == parquet::ConvertedType::MAP ||
                            node.converted_type() == parquet::ConvertedType::MAP_KEY_VALUE ||
                            (node.logical_type() && node.logical_type()->is_nested());
  return node.is_group() && !node.is_repeated() && !is_annotated;
}

bool IsBelow(const parquet::schema::Node* node, const parquet::schema::Node* ancestor) {
  for (; node; node = node->parent()) {
    if (node == ancestor) return true;
  }
  return false;
}

// The type of any node, as Arrow understands the structure and we the primitive columns.
Type TypeOf(const arrow::Field& field, const parquet::schema::Node& node, const parquet::SchemaDescriptor& schema) {
  if (node.is_primitive() && !node.is_repeated()) return LeafType::Of(*schema.Column(schema.ColumnIndex(node))).type;
  if (field.type()->id() != arrow::Type::STRUCT || !IsPlainStruct(node)) return FromArrowType(*field.type());
  const auto& group = static_cast<const parquet::schema::GroupNode&>(node);
  std::vector<Field> members;
  for (int i = 0; i < group.field_count(); ++i) {
    const arrow::Field& member = *field.type()->field(i);
    members.push_back({member.name(), TypeOf(member, *group.field(i), schema), member.nullable()});
  }
  return Type::Struct(std::move(members));
}

Schema SchemaOf(const parquet::FileMetaData& metadata) {
  std::shared_ptr<arrow::Schema> arrow_schema;
  Unwrap(
      parquet::arrow::FromParquetSchema(metadata.schema(), parquet::default_arrow_reader_properties(), &arrow_schema),
      error_class::kFailedReadFile, "read the schema");
  std::vector<Field> fields;
  for (int i = 0; i < arrow_schema->num_fields(); ++i) {
    const arrow::Field& field = *arrow_schema->field(i);
    const parquet::schema::Node& node = *metadata.schema()->group_node()->field(i);
    fields.push_back({field.name(), TypeOf(field, node, *metadata.schema()), field.nullable()});
  }
  return Schema(std::move(fields));
}

}  // namespace

ParquetFile::ParquetFile(std::shared_ptr<RandomAccessFile> input, std::shared_ptr<parquet::FileMetaData> metadata)
    : input_(std::move(input)), metadata_(std::move(metadata)), schema_(SchemaOf(*metadata_)) {
  first_rows_.push_back(0);
  for (int i = 0; i < metadata_->num_row_groups(); ++i) {
    const auto row_group = metadata_->RowGroup(i);
    bool is_possible = row_group->num_rows() >= 0 && row_group->num_rows() <= INT64_MAX - first_rows_.back() &&
                       row_group->num_columns() == metadata_->num_columns();
    for (int column = 0; is_possible && column < metadata_->num_columns(); ++column) {
      is_possible = IsInside(*row_group->ColumnChunk(column), input_->size_bytes());
    }
    if (!is_possible) {
      throw Error(
          error_class::kFailedReadFile,
          "file '{}', row group {}: the footer names rows or bytes that cannot be; the file is truncated or corrupt, "
          "write it again",
          input_->path(), i);
    }
    first_rows_.push_back(first_rows_.back() + row_group->num_rows());
  }
}

ParquetFilePtr ParquetFile::Open(FileSystem& file_system, const Uri& uri, std::optional<int64_t> known_size_bytes,
                                 Metrics* metrics) {
  std::shared_ptr<RandomAccessFile> input = file_system.Open(uri, known_size_bytes);
  const std::vector<uint8_t> footer = ReadFooter(*input);
  if (metrics) metrics->files_read.Add(1);
  try {
    auto length = static_cast<uint32_t>(footer.size());
    std::shared_ptr<parquet::FileMetaData> metadata = parquet::FileMetaData::Make(footer.data(), &length);
    return ParquetFilePtr(new ParquetFile(std::move(input), std::move(metadata)));
  } catch (const parquet::ParquetException& corrupt) {
    throw Error(error_class::kFailedReadFile, "file '{}' has a corrupt footer: {}; write it again", uri.ToString(),
                OneLine(corrupt.what()));
  } catch (const std::bad_alloc&) {
    throw Error(error_class::kFailedReadFile, "file '{}' has a corrupt footer: it asks for more memory than there is",
                uri.ToString());
  }
}

int64_t ParquetFile::row_group_bytes(int row_group, std::span<const int> leaves) const {
  const auto row_group_metadata = metadata_->RowGroup(row_group);
  int64_t bytes = 0;
  for (const int leaf : leaves) bytes += row_group_metadata->ColumnChunk(leaf)->total_compressed_size();
  return bytes;
}

std::optional<FileColumn> ParquetFile::Find(const ColumnPath& path) const {
  const parquet::SchemaDescriptor& schema = *metadata_->schema();
  const parquet::schema::Node* node = schema.group_node();
  FileColumn column;
  const std::vector<Field>* fields = &schema_.fields();
  for (const std::string& name : path) {
    // Members of lists and maps are no columns of their own.
    if (node != schema.group_node() && !IsPlainStruct(*node)) return std::nullopt;
    const auto& group = static_cast<const parquet::schema::GroupNode&>(*node);
    const std::optional<int> position = FindField(group, name);
    if (!position) return std::nullopt;
    node = group.field(*position).get();
    // A copy first: `fields` are children of the type that is replaced.
    Type type = (*fields)[*position].type;
    column.type = std::move(type);
    fields = &column.type.children();
  }
  column.is_leaf = node->is_primitive() && !node->is_repeated();
  for (int i = 0; i < schema.num_columns(); ++i) {
    if (IsBelow(schema.Column(i)->schema_node().get(), node)) column.leaves.push_back(i);
  }
  return column;
}

ColumnRange ParquetFile::Range(int row_group, int leaf) const {
  ColumnRange range;
  const auto row_group_metadata = metadata_->RowGroup(row_group);
  range.num_rows = row_group_metadata->num_rows();
  const auto chunk = row_group_metadata->ColumnChunk(leaf);
  const parquet::ColumnDescriptor& column = *metadata_->schema()->Column(leaf);
  if (column.max_repetition_level() > 0 || !chunk->is_stats_set()) return range;
  const auto statistics = chunk->encoded_statistics();
  if (!statistics) return range;
  if (statistics->has_null_count) range.null_count = statistics->null_count;
  const LeafType type = LeafType::Of(column);
  if (statistics->has_min) range.min = DecodeBound(type, statistics->min());
  if (statistics->has_max) range.max = DecodeBound(type, statistics->max());
  return range;
}

std::string ParquetFile::Place(int row_group, int leaf) const {
  return fmt::format("file '{}', row group {}, column '{}'", path(), row_group,
                     metadata_->schema()->Column(leaf)->path()->ToDotString());
}

}  // namespace quell::storage
