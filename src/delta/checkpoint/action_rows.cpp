#include "delta/checkpoint/action_rows.h"

#include "delta/checkpoint/array_access.h"
#include "delta/checkpoint/stats_struct.h"
#include "delta/spec/path.h"

namespace quell::delta {

namespace {

using Visitor = std::function<void(Action&&)>;

// The columns of one kind of action in a batch: Read(row) gives it where the row holds one.

class DeletionVectorRows {
 public:
  explicit DeletionVectorRows(const std::shared_ptr<arrow::Array>& array)
      : row_(array),
        storage_type_(row_.Member("storageType")),
        path_or_inline_(row_.Member("pathOrInlineDv")),
        offset_(row_.Member("offset")),
        size_bytes_(row_.Member("sizeInBytes")),
        cardinality_(row_.Member("cardinality")) {}

  std::optional<DeletionVectorDescriptor> At(int64_t row) const {
    const auto storage_type = row_.IsPresent(row) ? storage_type_.At(row) : std::nullopt;
    if (!storage_type || storage_type->empty()) return std::nullopt;
    DeletionVectorDescriptor vector;
    vector.storage_type = storage_type->front();
    vector.path_or_inline = path_or_inline_.At(row).value_or("");
    if (const auto offset = offset_.At(row)) vector.offset = static_cast<int32_t>(*offset);
    vector.size_bytes = static_cast<int32_t>(size_bytes_.At(row).value_or(0));
    vector.cardinality = cardinality_.At(row).value_or(0);
    return vector;
  }

 private:
  StructColumn row_;
  StringColumn storage_type_;
  StringColumn path_or_inline_;
  IntegerColumn offset_;
  IntegerColumn size_bytes_;
  IntegerColumn cardinality_;
};

class AddRows {
 public:
  explicit AddRows(const std::shared_ptr<arrow::Array>& array)
      : row_(array),
        path_(row_.Member("path")),
        partition_values_(row_.Member("partitionValues")),
        size_bytes_(row_.Member("size")),
        modification_time_(row_.Member("modificationTime")),
        data_change_(row_.Member("dataChange")),
        stats_(row_.Member("stats")),
        stats_parsed_(row_.Member("stats_parsed")),
        tags_(row_.Member("tags")),
        deletion_vector_(row_.Member("deletionVector")),
        base_row_id_(row_.Member("baseRowId")),
        default_row_commit_version_(row_.Member("defaultRowCommitVersion")),
        clustering_provider_(row_.Member("clusteringProvider")) {}

  void Read(int64_t row, const Visitor& visit) const {
    if (!row_.IsPresent(row)) return;
    AddFile file;
    file.path = DecodePath(path_.At(row).value_or(""));
    file.partition_values = partition_values_.At(row).value_or(PartitionValues());
    file.size_bytes = size_bytes_.At(row).value_or(0);
    file.modification_time_ms = modification_time_.At(row).value_or(0);
    file.data_change = data_change_.At(row).value_or(false);
    file.stats = stats_.At(row).value_or("");
    if (file.stats.empty() && stats_parsed_) file.stats = StatsJsonAt(*stats_parsed_, row);
    file.tags = tags_.MapAt(row);
    file.deletion_vector = deletion_vector_.At(row);
    file.base_row_id = base_row_id_.At(row);
    file.default_row_commit_version = default_row_commit_version_.At(row);
    file.clustering_provider = clustering_provider_.At(row);
    visit(std::move(file));
  }

 private:
  StructColumn row_;
  StringColumn path_;
  StringMapColumn partition_values_;
  IntegerColumn size_bytes_;
  IntegerColumn modification_time_;
  BooleanColumn data_change_;
  StringColumn stats_;
  std::shared_ptr<arrow::Array> stats_parsed_;
  StringMapColumn tags_;
  DeletionVectorRows deletion_vector_;
  IntegerColumn base_row_id_;
  IntegerColumn default_row_commit_version_;
  StringColumn clustering_provider_;
};

class RemoveRows {
 public:
  explicit RemoveRows(const std::shared_ptr<arrow::Array>& array)
      : row_(array),
        path_(row_.Member("path")),
        deletion_timestamp_(row_.Member("deletionTimestamp")),
        data_change_(row_.Member("dataChange")),
        extended_(row_.Member("extendedFileMetadata")),
        partition_values_(row_.Member("partitionValues")),
        size_bytes_(row_.Member("size")),
        deletion_vector_(row_.Member("deletionVector")),
        base_row_id_(row_.Member("baseRowId")),
        default_row_commit_version_(row_.Member("defaultRowCommitVersion")) {}

  void Read(int64_t row, const Visitor& visit) const {
    if (!row_.IsPresent(row)) return;
    RemoveFile file;
    file.path = DecodePath(path_.At(row).value_or(""));
    file.deletion_timestamp_ms = deletion_timestamp_.At(row);
    file.data_change = data_change_.At(row).value_or(false);
    file.extended_file_metadata = extended_.At(row).value_or(false);
    file.partition_values = partition_values_.At(row).value_or(PartitionValues());
    file.size_bytes = size_bytes_.At(row);
    file.deletion_vector = deletion_vector_.At(row);
    file.base_row_id = base_row_id_.At(row);
    file.default_row_commit_version = default_row_commit_version_.At(row);
    visit(std::move(file));
  }

 private:
  StructColumn row_;
  StringColumn path_;
  IntegerColumn deletion_timestamp_;
  BooleanColumn data_change_;
  BooleanColumn extended_;
  StringMapColumn partition_values_;
  IntegerColumn size_bytes_;
  DeletionVectorRows deletion_vector_;
  IntegerColumn base_row_id_;
  IntegerColumn default_row_commit_version_;
};

void ReadProtocol(const StructColumn& row_of, int64_t row, const Visitor& visit) {
  Protocol protocol;
  protocol.min_reader_version =
      static_cast<int32_t>(IntegerColumn(row_of.Member("minReaderVersion")).At(row).value_or(1));
  protocol.min_writer_version =
      static_cast<int32_t>(IntegerColumn(row_of.Member("minWriterVersion")).At(row).value_or(2));
  for (auto& name : StringListColumn(row_of.Member("readerFeatures")).At(row)) protocol.reader_features.insert(name);
  for (auto& name : StringListColumn(row_of.Member("writerFeatures")).At(row)) protocol.writer_features.insert(name);
  visit(std::move(protocol));
}

void ReadMetadata(const StructColumn& row_of, int64_t row, const Visitor& visit) {
  Metadata metadata;
  metadata.id = StringColumn(row_of.Member("id")).At(row).value_or("");
  metadata.name = StringColumn(row_of.Member("name")).At(row);
  metadata.description = StringColumn(row_of.Member("description")).At(row);
  const StructColumn format(row_of.Member("format"));
  metadata.format_provider = StringColumn(format.Member("provider")).At(row).value_or("parquet");
  if (auto options = StringMapColumn(format.Member("options")).MapAt(row))
    metadata.format_options = std::move(*options);
  metadata.schema_string = StringColumn(row_of.Member("schemaString")).At(row).value_or("");
  metadata.partition_columns = StringListColumn(row_of.Member("partitionColumns")).At(row);
  if (auto map = StringMapColumn(row_of.Member("configuration")).MapAt(row)) metadata.configuration = std::move(*map);
  metadata.created_time_ms = IntegerColumn(row_of.Member("createdTime")).At(row);
  visit(std::move(metadata));
}

void ReadTransaction(const StructColumn& row_of, int64_t row, const Visitor& visit) {
  visit(SetTransaction{StringColumn(row_of.Member("appId")).At(row).value_or(""),
                       IntegerColumn(row_of.Member("version")).At(row).value_or(0),
                       IntegerColumn(row_of.Member("lastUpdated")).At(row)});
}

void ReadDomain(const StructColumn& row_of, int64_t row, const Visitor& visit) {
  visit(DomainMetadata{StringColumn(row_of.Member("domain")).At(row).value_or(""),
                       StringColumn(row_of.Member("configuration")).At(row).value_or(""),
                       BooleanColumn(row_of.Member("removed")).At(row).value_or(false)});
}

void ReadSidecar(const StructColumn& row_of, int64_t row, const Visitor& visit) {
  visit(Sidecar{DecodePath(StringColumn(row_of.Member("path")).At(row).value_or("")),
                IntegerColumn(row_of.Member("sizeInBytes")).At(row).value_or(0),
                IntegerColumn(row_of.Member("modificationTime")).At(row).value_or(0)});
}

using RowReader = void (*)(const StructColumn&, int64_t, const Visitor&);

// For the actions of which a checkpoint has few.
void ReadRareRows(const arrow::RecordBatch& batch, const char* name, RowReader read, const Visitor& visit) {
  const auto array = batch.GetColumnByName(name);
  if (!array || array->null_count() == array->length()) return;
  const StructColumn column(array);
  for (int64_t row = 0; row < array->length(); ++row) {
    if (column.IsPresent(row)) read(column, row, visit);
  }
}

template <typename Rows>
void ReadFileRows(const arrow::RecordBatch& batch, const char* name, const Visitor& visit) {
  const auto array = batch.GetColumnByName(name);
  if (!array) return;
  const Rows rows(array);
  for (int64_t row = 0; row < array->length(); ++row) rows.Read(row, visit);
}

}  // namespace

void ReadActionRows(const arrow::RecordBatch& batch, const Visitor& visit) {
  ReadRareRows(batch, "protocol", ReadProtocol, visit);
  ReadRareRows(batch, "metaData", ReadMetadata, visit);
  ReadRareRows(batch, "txn", ReadTransaction, visit);
  ReadRareRows(batch, "domainMetadata", ReadDomain, visit);
  ReadRareRows(batch, "sidecar", ReadSidecar, visit);
  ReadFileRows<AddRows>(batch, "add", visit);
  ReadFileRows<RemoveRows>(batch, "remove", visit);
}

}  // namespace quell::delta
