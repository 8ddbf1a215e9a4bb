#include "pipes/materialization.h"

#include "base/json_writer.h"

namespace quell::pipes {
namespace {

void Number(std::string_view name, int64_t value, JsonWriter* out) {
  out->Key(name).BeginObject().Member("raw_value", value).Member("type", "int").EndObject();
}

void Number(std::string_view name, double value, JsonWriter* out) {
  out->Key(name).BeginObject().Key("raw_value").Double(value).Member("type", "float").EndObject();
}

void AddUsage(const cost::Usage& usage, double dbu_usd, JsonWriter* out) {
  Number("rows_read", usage.rows_read, out);
  Number("bytes_read", usage.bytes_read, out);
  Number("bytes_written", usage.bytes_written, out);
  Number("bytes_spilled", usage.bytes_spilled, out);
  Number("peak_memory_bytes", usage.peak_memory_bytes, out);
  Number("wall_seconds", usage.wall_seconds, out);
  Number("cpu_seconds", usage.cpu_seconds, out);
  for (const cost::CostLine& line : cost::Price(usage, dbu_usd)) {
    Number("cost_usd: " + line.machine, line.total_usd(), out);
  }
}

void AddSchema(const Schema& schema, JsonWriter* out) {
  out->Key("dagster/column_schema").BeginObject().Key("raw_value").BeginObject().Key("columns").BeginArray();
  for (const Field& field : schema.fields()) {
    out->BeginObject().Member("name", field.name).Member("type", field.type.ToString());
    out->Key("constraints").BeginObject().Member("nullable", field.nullable).Member("unique", false);
    out->Key("other").BeginArray().EndArray().EndObject().EndObject();
  }
  out->EndArray().EndObject().Member("type", "table_schema").EndObject();
}

void AddLineage(const StepContext& step, const std::vector<logical::ColumnLineage>& lineage, JsonWriter* out) {
  out->Key("dagster/column_lineage").BeginObject().Key("raw_value").BeginObject();
  out->Key("deps_by_column").BeginObject();
  for (const logical::ColumnLineage& column : lineage) {
    out->Key(column.column).BeginArray();
    for (const logical::SourceColumn& source : column.sources) {
      const std::string* asset = step.AssetAt(source.location);
      if (!asset) continue;
      out->BeginObject().Key("asset_key").Raw(*asset).Member("column_name", source.column).EndObject();
    }
    out->EndArray();
  }
  out->EndObject().EndObject().Member("type", "table_column_lineage").EndObject();
}

}  // namespace

std::string MaterializationJson(const StepContext& step, const StatementOutcome& commit, const cost::Usage& usage,
                                double dbu_usd) {
  JsonWriter out;
  out.BeginObject().Member("asset_key", step.asset_key).Key("data_version").Null().Key("metadata").BeginObject();
  Number("delta_version", *commit.version, &out);
  if (commit.report.is_remote()) {
    // Nobody knows what a cluster read, wrote and cost.
    Number("wall_seconds", usage.wall_seconds, &out);
    return out.EndObject().EndObject().Take();
  }
  Number("dagster/row_count", commit.report.usage.rows_written, &out);
  AddUsage(usage, dbu_usd, &out);
  if (commit.written) {
    AddSchema(commit.written->schema, &out);
    AddLineage(step, commit.written->lineage, &out);
  }
  return out.EndObject().EndObject().Take();
}

}  // namespace quell::pipes
