#include "catalog/delta/describe_table.h"

#include "delta/snapshot/protocol_gate.h"
#include "delta/snapshot/time_travel.h"
#include "delta/spec/clustering.h"

namespace quell::catalog {
namespace {

constexpr int64_t kMicrosPerMilli = 1000;

const Type kText(TypeId::kString);
const Type kNumber(TypeId::kLong);
const Type kTime(TypeId::kTimestamp);

Type TextMap() { return Type::Map(kText, kText); }

Value TextOrNull(const std::optional<std::string>& text) { return text ? Value{*text} : Value{}; }

template <typename Texts>
Value ListOf(const Texts& texts) {
  std::vector<Value> values;
  for (const std::string& text : texts) values.push_back(Value{text});
  return Value{std::move(values)};
}

Value MapOf(const std::map<std::string, std::string>& entries) {
  std::vector<Value> values;
  for (const auto& [key, value] : entries) {
    values.push_back(Value{key});
    values.push_back(Value{value});
  }
  return Value{std::move(values)};
}

Type StructOfTexts(std::initializer_list<const char*> names) {
  std::vector<Field> members;
  for (const char* name : names) members.push_back({name, kText});
  return Type::Struct(std::move(members));
}

}  // namespace

DescriptionRows DescribeDetail(const delta::Snapshot& snapshot) {
  int64_t files = 0;
  int64_t bytes = 0;
  snapshot.VisitFiles([&](delta::AddFile&& file) {
    ++files;
    bytes += file.size_bytes;
    return true;
  });
  const delta::Metadata& metadata = snapshot.metadata();
  const delta::Protocol& protocol = snapshot.protocol();
  const Type integer(TypeId::kInt);
  Value created;
  if (metadata.created_time_ms) created = Value{*metadata.created_time_ms * kMicrosPerMilli};
  return {
      Schema({{"format", kText},
              {"id", kText},
              {"name", kText},
              {"description", kText},
              {"location", kText},
              {"createdAt", kTime},
              {"lastModified", kTime},
              {"partitionColumns", Type::Array(kText)},
              {"clusteringColumns", Type::Array(kText)},
              {"numFiles", kNumber},
              {"sizeInBytes", kNumber},
              {"properties", TextMap()},
              {"minReaderVersion", integer},
              {"minWriterVersion", integer},
              {"tableFeatures", Type::Array(kText)}}),
      {{Value{std::string("delta")}, Value{metadata.id}, TextOrNull(metadata.name), TextOrNull(metadata.description),
        Value{snapshot.table().ToString()}, created, Value{snapshot.timestamp_ms() * kMicrosPerMilli},
        ListOf(metadata.partition_columns), ListOf(delta::ClusteringColumns(snapshot.domains())), Value{files},
        Value{bytes}, MapOf(metadata.configuration), Value{int64_t{protocol.min_reader_version}},
        Value{int64_t{protocol.min_writer_version}}, ListOf(delta::FeaturesOf(protocol))}}};
}

DescriptionRows DescribeHistory(const delta::Snapshot& snapshot) {
  constexpr size_t kCommits = 1000;
  const Type flag(TypeId::kBoolean);
  // What Databricks notes of jobs and notebooks: always NULL here, as in delta-spark.
  DescriptionRows rows{
      Schema({{"version", kNumber},
              {"timestamp", kTime},
              {"userId", kText},
              {"userName", kText},
              {"operation", kText},
              {"operationParameters", TextMap()},
              {"job", StructOfTexts({"jobId", "jobName", "jobRunId", "runId", "jobOwnerId", "triggerType"})},
              {"notebook", StructOfTexts({"notebookId"})},
              {"clusterId", kText},
              {"readVersion", kNumber},
              {"isolationLevel", kText},
              {"isBlindAppend", flag},
              {"operationMetrics", TextMap()},
              {"userMetadata", kText},
              {"engineInfo", kText}}),
      {}};
  for (const delta::HistoryEntry& entry : delta::ReadHistory(*snapshot.files(), snapshot.table(), kCommits)) {
    const delta::CommitInfo& info = entry.info;
    rows.values.push_back({Value{entry.version}, Value{entry.timestamp_ms * kMicrosPerMilli}, TextOrNull(info.user_id),
                           TextOrNull(info.user_name), Value{info.operation}, MapOf(info.operation_parameters), Value{},
                           Value{}, Value{}, info.read_version ? Value{*info.read_version} : Value{},
                           TextOrNull(info.isolation_level),
                           info.is_blind_append ? Value{*info.is_blind_append} : Value{}, MapOf(info.operation_metrics),
                           TextOrNull(info.user_metadata), TextOrNull(info.engine_info)});
  }
  return rows;
}

}  // namespace quell::catalog
