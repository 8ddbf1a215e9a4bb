// The JSON of the actions that are about the table and its commits, not about files.
#include "delta/spec/action_codec.h"
#include "delta/spec/path.h"

namespace quell::delta {

namespace {

using simdjson::dom::array;
using simdjson::dom::object;

template <typename Strings>
void WriteArray(JsonWriter& json, std::string_view key, const Strings& strings) {
  json.Key(key).BeginArray();
  for (const std::string& text : strings) json.String(text);
  json.EndArray();
}

std::vector<std::string> ParseArray(const object& json, std::string_view key) {
  std::vector<std::string> strings;
  const auto element = FindMember(json, key);
  if (!element) return strings;
  for (const JsonElement& item : As<array>(*element, key)) strings.push_back(As<std::string>(item, key));
  return strings;
}

std::set<std::string> ParseSet(const object& json, std::string_view key) {
  const std::vector<std::string> items = ParseArray(json, key);
  return {items.begin(), items.end()};
}

}  // namespace

void WriteStrings(JsonWriter& json, std::string_view key, const std::map<std::string, std::string>& map) {
  json.Key(key).BeginObject();
  for (const auto& [name, value] : map) json.Member(name, value);
  json.EndObject();
}

void WriteValue(JsonWriter& json, const CommitInfo& info) {
  json.BeginObject().Member("inCommitTimestamp", info.in_commit_timestamp_ms).Member("timestamp", info.timestamp_ms);
  json.Member("userId", info.user_id).Member("userName", info.user_name).Member("operation", info.operation);
  WriteStrings(json, "operationParameters", info.operation_parameters);
  json.Member("readVersion", info.read_version).Member("isolationLevel", info.isolation_level);
  json.Member("isBlindAppend", info.is_blind_append);
  WriteStrings(json, "operationMetrics", info.operation_metrics);
  json.Member("userMetadata", info.user_metadata).Member("engineInfo", info.engine_info);
  json.Member("txnId", info.txn_id).EndObject();
}

void WriteValue(JsonWriter& json, const Protocol& protocol) {
  json.BeginObject().Member("minReaderVersion", protocol.min_reader_version);
  json.Member("minWriterVersion", protocol.min_writer_version);
  if (protocol.has_reader_features()) WriteArray(json, "readerFeatures", protocol.reader_features);
  if (protocol.has_writer_features()) WriteArray(json, "writerFeatures", protocol.writer_features);
  json.EndObject();
}

void WriteValue(JsonWriter& json, const Metadata& metadata) {
  json.BeginObject().Member("id", metadata.id).Member("name", metadata.name);
  json.Member("description", metadata.description);
  json.Key("format").BeginObject().Member("provider", metadata.format_provider);
  WriteStrings(json, "options", metadata.format_options);
  json.EndObject().Member("schemaString", metadata.schema_string);
  WriteArray(json, "partitionColumns", metadata.partition_columns);
  WriteStrings(json, "configuration", metadata.configuration);
  json.Member("createdTime", metadata.created_time_ms).EndObject();
}

void WriteValue(JsonWriter& json, const SetTransaction& transaction) {
  json.BeginObject().Member("appId", transaction.app_id).Member("version", transaction.version);
  json.Member("lastUpdated", transaction.last_updated_ms).EndObject();
}

void WriteValue(JsonWriter& json, const DomainMetadata& domain) {
  json.BeginObject().Member("domain", domain.domain).Member("configuration", domain.configuration);
  json.Member("removed", domain.removed).EndObject();
}

void WriteValue(JsonWriter& json, const CheckpointMetadata& checkpoint) {
  json.BeginObject().Member("version", checkpoint.version).EndObject();
}

void WriteValue(JsonWriter& json, const Sidecar& sidecar) {
  json.BeginObject().Member("path", EncodePath(sidecar.path)).Member("sizeInBytes", sidecar.size_bytes);
  json.Member("modificationTime", sidecar.modification_time_ms).EndObject();
}

CommitInfo ParseCommitInfo(const object& json) {
  CommitInfo info;
  info.timestamp_ms = Optional<int64_t>(json, "timestamp");
  info.in_commit_timestamp_ms = Optional<int64_t>(json, "inCommitTimestamp");
  info.user_id = Optional<std::string>(json, "userId");
  info.user_name = Optional<std::string>(json, "userName");
  info.operation = Optional<std::string>(json, "operation").value_or("");
  info.operation_parameters = StringMap(json, "operationParameters");
  info.read_version = Optional<int64_t>(json, "readVersion");
  info.isolation_level = Optional<std::string>(json, "isolationLevel");
  info.is_blind_append = Optional<bool>(json, "isBlindAppend");
  info.operation_metrics = StringMap(json, "operationMetrics");
  info.user_metadata = Optional<std::string>(json, "userMetadata");
  info.engine_info = Optional<std::string>(json, "engineInfo");
  info.txn_id = Optional<std::string>(json, "txnId");
  return info;
}

Protocol ParseProtocol(const object& json) {
  Protocol protocol;
  protocol.min_reader_version = static_cast<int32_t>(Required<int64_t>(json, "minReaderVersion"));
  protocol.min_writer_version = static_cast<int32_t>(Required<int64_t>(json, "minWriterVersion"));
  protocol.reader_features = ParseSet(json, "readerFeatures");
  protocol.writer_features = ParseSet(json, "writerFeatures");
  return protocol;
}

Metadata ParseMetadata(const object& json) {
  Metadata metadata;
  metadata.id = Optional<std::string>(json, "id").value_or("");
  metadata.name = Optional<std::string>(json, "name");
  metadata.description = Optional<std::string>(json, "description");
  if (const auto format = FindMember(json, "format")) {
    const auto fields = As<object>(*format, "format");
    metadata.format_provider = Optional<std::string>(fields, "provider").value_or("parquet");
    metadata.format_options = StringMap(fields, "options");
  }
  metadata.schema_string = Optional<std::string>(json, "schemaString").value_or("");
  metadata.partition_columns = ParseArray(json, "partitionColumns");
  metadata.configuration = StringMap(json, "configuration");
  metadata.created_time_ms = Optional<int64_t>(json, "createdTime");
  return metadata;
}

SetTransaction ParseSetTransaction(const object& json) {
  return {Required<std::string>(json, "appId"), Required<int64_t>(json, "version"),
          Optional<int64_t>(json, "lastUpdated")};
}

DomainMetadata ParseDomainMetadata(const object& json) {
  return {Required<std::string>(json, "domain"), Optional<std::string>(json, "configuration").value_or(""),
          Optional<bool>(json, "removed").value_or(false)};
}

CheckpointMetadata ParseCheckpointMetadata(const object& json) { return {Required<int64_t>(json, "version")}; }

Sidecar ParseSidecar(const object& json) {
  return {DecodePath(Required<std::string>(json, "path")), Optional<int64_t>(json, "sizeInBytes").value_or(0),
          Optional<int64_t>(json, "modificationTime").value_or(0)};
}

}  // namespace quell::delta
