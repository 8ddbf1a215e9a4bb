#include "delta/spec/action_codec.h"
#include "delta/spec/path.h"

namespace quell::delta {

namespace {

using simdjson::dom::object;

void WritePartitionValues(JsonWriter& json, const PartitionValues& values) {
  json.Key("partitionValues").BeginObject();
  for (const auto& [name, value] : values) {
    json.Key(name);
    if (value) {
      json.String(*value);
    } else {
      json.Null();
    }
  }
  json.EndObject();
}

PartitionValues ParsePartitionValues(const object& json) {
  PartitionValues values;
  const auto element = FindMember(json, "partitionValues");
  if (!element) return values;
  for (const auto& [name, value] : As<object>(*element, "partitionValues")) {
    std::optional<std::string> text;
    if (!value.is_null()) text = As<std::string>(value, name);
    values.emplace_back(std::string(name), std::move(text));
  }
  return values;
}

void WriteTags(JsonWriter& json, const std::optional<Tags>& tags) {
  if (tags) WriteStrings(json, "tags", *tags);
}

std::optional<Tags> ParseTags(const object& json) {
  return FindMember(json, "tags") ? std::optional<Tags>(StringMap(json, "tags")) : std::nullopt;
}

void WriteDeletionVector(JsonWriter& json, const std::optional<DeletionVectorDescriptor>& vector) {
  if (!vector) return;
  json.Key("deletionVector").BeginObject();
  json.Member("storageType", std::string_view(&vector->storage_type, 1));
  json.Member("pathOrInlineDv", vector->path_or_inline).Member("offset", vector->offset);
  json.Member("sizeInBytes", vector->size_bytes).Member("cardinality", vector->cardinality).EndObject();
}

std::optional<DeletionVectorDescriptor> ParseDeletionVector(const object& json) {
  const auto element = FindMember(json, "deletionVector");
  if (!element) return std::nullopt;
  const object fields = As<object>(*element, "deletionVector");
  const auto storage_type = Required<std::string>(fields, "storageType");
  if (storage_type.size() != 1) throw MalformedJson{"unknown deletion vector storage '" + storage_type + "'"};
  DeletionVectorDescriptor vector;
  vector.storage_type = storage_type[0];
  vector.path_or_inline = Required<std::string>(fields, "pathOrInlineDv");
  if (const auto offset = Optional<int64_t>(fields, "offset")) vector.offset = static_cast<int32_t>(*offset);
  vector.size_bytes = static_cast<int32_t>(Required<int64_t>(fields, "sizeInBytes"));
  vector.cardinality = Required<int64_t>(fields, "cardinality");
  return vector;
}

std::string ParsePath(const object& json) { return DecodePath(Required<std::string>(json, "path")); }

}  // namespace

void WriteValue(JsonWriter& json, const AddFile& file) {
  json.BeginObject().Member("path", EncodePath(file.path));
  WritePartitionValues(json, file.partition_values);
  json.Member("size", file.size_bytes).Member("modificationTime", file.modification_time_ms);
  json.Member("dataChange", file.data_change);
  if (!file.stats.empty()) json.Member("stats", file.stats);
  WriteTags(json, file.tags);
  WriteDeletionVector(json, file.deletion_vector);
  json.Member("baseRowId", file.base_row_id).Member("defaultRowCommitVersion", file.default_row_commit_version);
  json.Member("clusteringProvider", file.clustering_provider).EndObject();
}

void WriteValue(JsonWriter& json, const RemoveFile& file) {
  json.BeginObject().Member("path", EncodePath(file.path));
  json.Member("deletionTimestamp", file.deletion_timestamp_ms).Member("dataChange", file.data_change);
  if (file.extended_file_metadata) {
    json.Member("extendedFileMetadata", true);
    WritePartitionValues(json, file.partition_values);
  }
  json.Member("size", file.size_bytes);
  if (!file.stats.empty()) json.Member("stats", file.stats);
  WriteTags(json, file.tags);
  WriteDeletionVector(json, file.deletion_vector);
  json.Member("baseRowId", file.base_row_id).Member("defaultRowCommitVersion", file.default_row_commit_version);
  json.EndObject();
}

void WriteValue(JsonWriter& json, const CdcFile& file) {
  json.BeginObject().Member("path", EncodePath(file.path));
  WritePartitionValues(json, file.partition_values);
  json.Member("size", file.size_bytes).Member("dataChange", false);
  WriteTags(json, file.tags);
  json.EndObject();
}

AddFile ParseAddFile(const object& json) {
  AddFile file;
  file.path = ParsePath(json);
  file.partition_values = ParsePartitionValues(json);
  file.size_bytes = Required<int64_t>(json, "size");
  file.modification_time_ms = Optional<int64_t>(json, "modificationTime").value_or(0);
  file.data_change = Optional<bool>(json, "dataChange").value_or(true);
  file.stats = Optional<std::string>(json, "stats").value_or("");
  file.tags = ParseTags(json);
  file.deletion_vector = ParseDeletionVector(json);
  file.base_row_id = Optional<int64_t>(json, "baseRowId");
  file.default_row_commit_version = Optional<int64_t>(json, "defaultRowCommitVersion");
  file.clustering_provider = Optional<std::string>(json, "clusteringProvider");
  return file;
}

RemoveFile ParseRemoveFile(const object& json) {
  RemoveFile file;
  file.path = ParsePath(json);
  file.deletion_timestamp_ms = Optional<int64_t>(json, "deletionTimestamp");
  file.data_change = Optional<bool>(json, "dataChange").value_or(true);
  file.extended_file_metadata = Optional<bool>(json, "extendedFileMetadata").value_or(false);
  file.partition_values = ParsePartitionValues(json);
  file.size_bytes = Optional<int64_t>(json, "size");
  file.stats = Optional<std::string>(json, "stats").value_or("");
  file.tags = ParseTags(json);
  file.deletion_vector = ParseDeletionVector(json);
  file.base_row_id = Optional<int64_t>(json, "baseRowId");
  file.default_row_commit_version = Optional<int64_t>(json, "defaultRowCommitVersion");
  return file;
}

CdcFile ParseCdcFile(const object& json) {
  CdcFile file;
  file.path = ParsePath(json);
  file.partition_values = ParsePartitionValues(json);
  file.size_bytes = Required<int64_t>(json, "size");
  file.tags = ParseTags(json);
  return file;
}

}  // namespace quell::delta
