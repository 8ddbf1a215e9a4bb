#include "base/json_writer.h"
#include "discover/render.h"

namespace quell::discover {

namespace {

template <typename Strings>
void WriteStrings(JsonWriter* json, const char* key, const Strings& strings) {
  json->Key(key).BeginArray();
  for (const auto& text : strings) json->String(text);
  json->EndArray();
}

template <typename Map, typename F>
void WriteMap(JsonWriter* json, const char* key, const Map& map, F&& value) {
  json->Key(key).BeginObject();
  for (const auto& [name, entry] : map) value(name, entry);
  json->EndObject();
}

void WriteColumn(JsonWriter* json, const ColumnSummary& column) {
  json->BeginObject()
      .Member("name", column.name)
      .Member("type", column.type.ToString())
      .Member("nullable", column.nullable);
  if (column.types.size() > 1) WriteStrings(json, "types", column.types);
  json->Member("files", column.num_files).Member("nullCount", column.null_count);
  if (column.min) json->Member("min", FormatValue(*column.min, column.type));
  if (column.max) json->Member("max", FormatValue(*column.max, column.type));
  json->Member("compressedBytes", column.compressed_bytes).Member("uncompressedBytes", column.uncompressed_bytes);
  if (column.compressed_bytes > 0) {
    json->Key("compressionRatio")
        .Double(static_cast<double>(column.uncompressed_bytes) / static_cast<double>(column.compressed_bytes));
  }
  WriteStrings(json, "encodings", column.encodings);
  json->EndObject();
}

void WriteDelta(JsonWriter* json, const DeltaSummary& delta) {
  json->Key("delta").BeginObject();
  json->Member("version", delta.version)
      .Member("minReaderVersion", delta.min_reader_version)
      .Member("minWriterVersion", delta.min_writer_version);
  WriteStrings(json, "features", delta.features);
  WriteStrings(json, "partitionColumns", delta.partition_columns);
  WriteMap(json, "properties", delta.properties, [&](const auto& key, const auto& value) { json->Member(key, value); });
  json->Member("activeFiles", delta.active_files).Member("otherFiles", delta.other_files);
  json->EndObject();
}

void WriteFindings(JsonWriter* json, const Discovery& discovery) {
  json->Key("drift").BeginArray();
  for (const Drift& drift : discovery.drift) {
    json->BeginObject().Member("files", drift.num_files).Member("changesType", drift.changes_type);
    WriteStrings(json, "differences", drift.differences);
    WriteStrings(json, "paths", drift.paths);
    json->EndObject();
  }
  json->EndArray().Member("problemCount", discovery.num_problems);
  json->Key("problems").BeginArray();
  for (const Problem& problem : discovery.problems) {
    json->BeginObject()
        .Member("kind", ToString(problem.kind))
        .Member("path", problem.path)
        .Member("message", problem.message)
        .EndObject();
  }
  json->EndArray();
}

}  // namespace

std::string RenderJson(const Discovery& discovery) {
  JsonWriter json;
  json.BeginObject()
      .Member("uri", discovery.uri)
      .Member("files", discovery.num_files)
      .Member("bytes", discovery.num_bytes)
      .Member("rows", discovery.num_rows)
      .Member("rowGroups", discovery.num_row_groups);
  WriteMap(&json, "codecs", discovery.codecs, [&](const auto& name, int64_t bytes) { json.Member(name, bytes); });
  WriteMap(&json, "writers", discovery.writers, [&](const auto& name, int64_t files) { json.Member(name, files); });
  json.Key("schema").BeginArray();
  for (const Field& field : discovery.schema.fields()) {
    json.BeginObject()
        .Member("name", field.name)
        .Member("type", field.type.ToString())
        .Member("nullable", field.nullable)
        .EndObject();
  }
  json.EndArray().Key("columns").BeginArray();
  for (const ColumnSummary& column : discovery.columns) WriteColumn(&json, column);
  json.EndArray().Key("partitions").BeginArray();
  for (const PartitionSummary& partition : discovery.partitions) {
    json.BeginObject()
        .Member("name", partition.name)
        .Member("type", partition.type.ToString())
        .Member("values", partition.num_values);
    WriteStrings(&json, "examples", partition.examples);
    json.EndObject();
  }
  json.EndArray();
  if (discovery.delta) WriteDelta(&json, *discovery.delta);
  WriteFindings(&json, discovery);
  json.Member("integrity", discovery.is_doubtful() ? "doubtful" : "sound").EndObject();
  return json.Take();
}

}  // namespace quell::discover
