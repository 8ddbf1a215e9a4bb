#include "delta/checkpoint/action_batch.h"

#include <arrow/array/builder_base.h>
#include <arrow/array/builder_binary.h>
#include <arrow/array/builder_primitive.h>

#include "base/arrow_result.h"
#include "base/error_classes.h"
#include "base/memory_pool.h"
#include "delta/spec/path.h"

namespace quell::delta {

namespace {

using arrow::field;

constexpr int kTransaction = 0;
constexpr int kAdd = 1;
constexpr int kRemove = 2;
constexpr int kMetadata = 3;
constexpr int kProtocol = 4;
constexpr int kDomain = 5;

void Unwrap(const arrow::Status& status) {
  quell::Unwrap(status, quell::error_class::kInternalError, "make a checkpoint");
}

std::shared_ptr<arrow::DataType> StringMap() { return arrow::map(arrow::utf8(), arrow::utf8()); }

// Appends one row to a struct, member after member, in the order of its type.
class RowAppender {
 public:
  explicit RowAppender(arrow::ArrayBuilder* builder) : builder_(static_cast<arrow::StructBuilder*>(builder)) {
    Unwrap(builder_->Append());
  }

  void Add(const std::string& value) { Unwrap(Next<arrow::StringBuilder>()->Append(value)); }
  void Add(const std::optional<std::string>& value) {
    auto* builder = Next<arrow::StringBuilder>();
    Unwrap(value ? builder->Append(*value) : builder->AppendNull());
  }
  void Add(int64_t value) { Unwrap(Next<arrow::Int64Builder>()->Append(value)); }
  void Add(const std::optional<int64_t>& value) {
    auto* builder = Next<arrow::Int64Builder>();
    Unwrap(value ? builder->Append(*value) : builder->AppendNull());
  }
  void Add(int32_t value) { Unwrap(Next<arrow::Int32Builder>()->Append(value)); }
  void Add(const std::optional<int32_t>& value) {
    auto* builder = Next<arrow::Int32Builder>();
    Unwrap(value ? builder->Append(*value) : builder->AppendNull());
  }
  void Add(bool value) { Unwrap(Next<arrow::BooleanBuilder>()->Append(value)); }
  template <typename Entries>  // a map or a list of pairs
  void AddMap(const Entries& entries) {
    auto* builder = Next<arrow::MapBuilder>();
    Unwrap(builder->Append());
    auto* keys = static_cast<arrow::StringBuilder*>(builder->key_builder());
    auto* values = static_cast<arrow::StringBuilder*>(builder->item_builder());
    for (const auto& [key, value] : entries) {
      Unwrap(keys->Append(key));
      AppendText(values, value);
    }
  }
  template <typename Strings>
  void AddList(const Strings& strings, bool is_present = true) {
    auto* builder = Next<arrow::ListBuilder>();
    Unwrap(is_present ? builder->Append() : builder->AppendNull());
    auto* values = static_cast<arrow::StringBuilder*>(builder->value_builder());
    for (const std::string& text : strings) Unwrap(values->Append(text));
  }
  void AddNull() { Unwrap(Next<arrow::ArrayBuilder>()->AppendNull()); }
  // The builder of the next member, for a nested struct.
  arrow::ArrayBuilder* Nested() { return Next<arrow::ArrayBuilder>(); }

 private:
  template <typename Builder>
  Builder* Next() {
    return static_cast<Builder*>(builder_->field_builder(next_++));
  }
  static void AppendText(arrow::StringBuilder* builder, const std::string& text) { Unwrap(builder->Append(text)); }
  static void AppendText(arrow::StringBuilder* builder, const std::optional<std::string>& text) {
    Unwrap(text ? builder->Append(*text) : builder->AppendNull());
  }

  arrow::StructBuilder* const builder_;
  int next_ = 0;
};

std::shared_ptr<arrow::DataType> DeletionVectorType() {
  return arrow::struct_({field("storageType", arrow::utf8()), field("pathOrInlineDv", arrow::utf8()),
                         field("offset", arrow::int32()), field("sizeInBytes", arrow::int32()),
                         field("cardinality", arrow::int64())});
}

void AppendDeletionVector(RowAppender& file, const std::optional<DeletionVectorDescriptor>& vector) {
  if (!vector) {
    file.AddNull();
    return;
  }
  RowAppender row(file.Nested());
  row.Add(std::string(1, vector->storage_type));
  row.Add(vector->path_or_inline);
  row.Add(vector->offset);
  row.Add(vector->size_bytes);
  row.Add(vector->cardinality);
}

void AppendTags(RowAppender& file, const std::optional<Tags>& tags) {
  if (tags) {
    file.AddMap(*tags);
  } else {
    file.AddNull();
  }
}

std::optional<std::string> TextOrNull(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

int AppendRow(const std::vector<std::unique_ptr<arrow::ArrayBuilder>>& columns, const AddFile& file) {
  RowAppender row(columns[kAdd].get());
  row.Add(EncodePath(file.path));
  row.AddMap(file.partition_values);
  row.Add(file.size_bytes);
  row.Add(file.modification_time_ms);
  row.Add(false);  // what a checkpoint holds changes nothing
  AppendTags(row, file.tags);
  AppendDeletionVector(row, file.deletion_vector);
  row.Add(file.base_row_id);
  row.Add(file.default_row_commit_version);
  row.Add(file.clustering_provider);
  row.Add(TextOrNull(file.stats));
  return kAdd;
}

int AppendRow(const std::vector<std::unique_ptr<arrow::ArrayBuilder>>& columns, const RemoveFile& file) {
  RowAppender row(columns[kRemove].get());
  row.Add(EncodePath(file.path));
  row.Add(file.deletion_timestamp_ms);
  row.Add(false);
  row.Add(file.extended_file_metadata);
  if (file.extended_file_metadata) {
    row.AddMap(file.partition_values);
  } else {
    row.AddNull();
  }
  row.Add(file.size_bytes);
  AppendDeletionVector(row, file.deletion_vector);
  row.Add(file.base_row_id);
  row.Add(file.default_row_commit_version);
  return kRemove;
}

int AppendRow(const std::vector<std::unique_ptr<arrow::ArrayBuilder>>& columns, const SetTransaction& transaction) {
  RowAppender row(columns[kTransaction].get());
  row.Add(transaction.app_id);
  row.Add(transaction.version);
  row.Add(transaction.last_updated_ms);
  return kTransaction;
}

int AppendRow(const std::vector<std::unique_ptr<arrow::ArrayBuilder>>& columns, const Metadata& metadata) {
  RowAppender row(columns[kMetadata].get());
  row.Add(metadata.id);
  row.Add(metadata.name);
  row.Add(metadata.description);
  RowAppender format(row.Nested());
  format.Add(metadata.format_provider);
  format.AddMap(metadata.format_options);
  row.Add(metadata.schema_string);
  row.AddList(metadata.partition_columns);
  row.AddMap(metadata.configuration);
  row.Add(metadata.created_time_ms);
  return kMetadata;
}

int AppendRow(const std::vector<std::unique_ptr<arrow::ArrayBuilder>>& columns, const Protocol& protocol) {
  RowAppender row(columns[kProtocol].get());
  row.Add(protocol.min_reader_version);
  row.Add(protocol.min_writer_version);
  row.AddList(protocol.reader_features, protocol.has_reader_features());
  row.AddList(protocol.writer_features, protocol.has_writer_features());
  return kProtocol;
}

int AppendRow(const std::vector<std::unique_ptr<arrow::ArrayBuilder>>& columns, const DomainMetadata& domain) {
  RowAppender row(columns[kDomain].get());
  row.Add(domain.domain);
  row.Add(domain.configuration);
  row.Add(domain.removed);
  return kDomain;
}

// The column that got the row; -1 for actions that checkpoints do not keep.
template <typename T>
int AppendRow(const std::vector<std::unique_ptr<arrow::ArrayBuilder>>&, const T&) {
  return -1;
}

}  // namespace

std::shared_ptr<arrow::Schema> CheckpointSchema() {
  const auto text = arrow::utf8();
  const auto integer = arrow::int64();
  const auto boolean = arrow::boolean();
  const auto transaction =
      arrow::struct_({field("appId", text), field("version", integer), field("lastUpdated", integer)});
  const auto add = arrow::struct_({field("path", text), field("partitionValues", StringMap()), field("size", integer),
                                   field("modificationTime", integer), field("dataChange", boolean),
                                   field("tags", StringMap()), field("deletionVector", DeletionVectorType()),
                                   field("baseRowId", integer), field("defaultRowCommitVersion", integer),
                                   field("clusteringProvider", text), field("stats", text)});
  const auto remove =
      arrow::struct_({field("path", text), field("deletionTimestamp", integer), field("dataChange", boolean),
                      field("extendedFileMetadata", boolean), field("partitionValues", StringMap()),
                      field("size", integer), field("deletionVector", DeletionVectorType()),
                      field("baseRowId", integer), field("defaultRowCommitVersion", integer)});
  const auto format = arrow::struct_({field("provider", text), field("options", StringMap())});
  const auto metadata =
      arrow::struct_({field("id", text), field("name", text), field("description", text), field("format", format),
                      field("schemaString", text), field("partitionColumns", arrow::list(text)),
                      field("configuration", StringMap()), field("createdTime", integer)});
  const auto protocol =
      arrow::struct_({field("minReaderVersion", arrow::int32()), field("minWriterVersion", arrow::int32()),
                      field("readerFeatures", arrow::list(text)), field("writerFeatures", arrow::list(text))});
  const auto domain = arrow::struct_({field("domain", text), field("configuration", text), field("removed", boolean)});
  return arrow::schema({field("txn", transaction), field("add", add), field("remove", remove),
                        field("metaData", metadata), field("protocol", protocol), field("domainMetadata", domain)});
}

ActionBatchBuilder::ActionBatchBuilder() : schema_(CheckpointSchema()) {
  for (const auto& column : schema_->fields()) {
    columns_.push_back(quell::Unwrap(arrow::MakeBuilder(column->type(), quell::EnginePool()),
                                     quell::error_class::kInternalError, "make a checkpoint"));
  }
}

void ActionBatchBuilder::Append(const Action& action) {
  const int filled = std::visit([&](const auto& value) { return AppendRow(columns_, value); }, action);
  if (filled < 0) return;
  for (int i = 0; i < static_cast<int>(columns_.size()); ++i) {
    if (i != filled) Unwrap(columns_[i]->AppendNull());
  }
  ++num_rows_;
}

std::shared_ptr<arrow::RecordBatch> ActionBatchBuilder::Finish() {
  std::vector<std::shared_ptr<arrow::Array>> arrays(columns_.size());
  for (size_t i = 0; i < columns_.size(); ++i) Unwrap(columns_[i]->Finish(&arrays[i]));
  const int64_t num_rows = std::exchange(num_rows_, 0);
  return arrow::RecordBatch::Make(schema_, num_rows, std::move(arrays));
}

}  // namespace quell::delta
