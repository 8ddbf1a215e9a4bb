// Commits of the Delta log, and the JSON inside of their JSON: schemas and statistics. What is written and read again
// is written as before.
#include "base/check.h"
#include "delta/deletion_vector/base85.h"
#include "delta/schema/column_mapping.h"
#include "delta/schema/schema_json.h"
#include "delta/spec/action_json.h"
#include "delta/spec/path.h"
#include "delta/stats/statistics.h"
#include "fuzz/fuzzer.h"

namespace quell::fuzz {
namespace {

using namespace delta;

std::vector<Action> Parse(std::string text) {
  std::vector<Action> actions;
  ParseActions(std::move(text), "0.json", [&](Action&& action) { actions.push_back(std::move(action)); });
  return actions;
}

void UseMetadata(const Metadata& metadata) {
  const Schema schema = ParseSchema(metadata.schema_string);
  QUELL_CHECK(ParseSchema(SchemaToJson(schema)) == schema);
  const ColumnMappingMode mode = MappingModeOf(metadata);
  StatisticsColumns(metadata, schema, PhysicalSchema(schema, mode));
}

void UseFile(const AddFile& file) {
  static const Schema kSchema(
      {{"l", Type(TypeId::kLong)},
       {"s", Type(TypeId::kString)},
       {"t", Type(TypeId::kTimestamp)},
       {"n", Type::Struct({{"d", Type::Decimal(12, 2)}, {"f", Type(TypeId::kDouble)}, {"b", Type(TypeId::kDate)}})}});
  static const std::vector<StatisticsColumn> kColumns = StatisticsColumns(Metadata{}, kSchema, kSchema);
  StatisticsToJson(kColumns, ParseStatistics(file.stats, kColumns));
  QUELL_CHECK(DecodePath(EncodePath(file.path)) == file.path);
  CanonicalPath(file.path);
  PartitionFolder(file.partition_values);
  if (file.deletion_vector) DecodeBase85(file.deletion_vector->path_or_inline);
}

}  // namespace

std::vector<std::string> Seeds() {
  Metadata metadata{.id = "id", .partition_columns = {"p"}, .configuration = {{"delta.columnMapping.mode", "name"}}};
  metadata.schema_string =
      SchemaToJson(Schema({{"a", Type(TypeId::kLong), false},
                           {"m", Type::Map(Type(TypeId::kString), Type::Array(Type::Decimal(12, 2)))},
                           {"s", Type::Struct({{"x", Type(TypeId::kDate)}, {"y", Type(TypeId::kTimestampNtz)}})}}));
  AddFile add{.path = "p=1/a b.parquet", .partition_values = {{"p", "1"}, {"q", std::nullopt}}, .size_bytes = 10};
  add.stats = R"({"numRecords":3,"minValues":{"l":-1,"s":"a","t":"2024-01-01T00:00:00.000Z","n":{"d":1.50,"f":1e300,)"
              R"("b":"2024-02-29"}},"maxValues":{"l":9,"s":"b","n":{"d":2}},"nullCount":{"l":0,"n":{"d":1}}})";
  add.deletion_vector = DeletionVectorDescriptor{'u', "ab^-aqEH.-t@S}K{vb[*k^", 4, 40, 2};
  add.tags = Tags{{"k", "v"}};
  const std::vector<Action> actions = {
      Protocol{3, 7, {"columnMapping"}, {"columnMapping"}},
      metadata,
      add,
      RemoveOf(add, 1, true),
      CommitInfo{.timestamp_ms = 1, .operation = "WRITE", .operation_parameters = {{"mode", "Append"}}},
      SetTransaction{"app", 1, 2},
      DomainMetadata{"d", "{}"},
      CheckpointMetadata{7},
      Sidecar{"x.parquet", 1, 2}};
  std::vector<std::string> seeds;
  std::string all;
  for (const Action& action : actions) {
    seeds.push_back(ToJson(action));
    all += seeds.back() + "\n";
  }
  seeds.push_back(all);
  return seeds;
}

}  // namespace quell::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace quell;
  fuzz::Accepts([&] {
    for (const delta::Action& action : fuzz::Parse(std::string(fuzz::Input(data, size).text()))) {
      // Not the action itself: what the protocol gives no meaning, such as features of an old version, is not written.
      const std::string json = delta::ToJson(action);
      const std::vector<delta::Action> again = fuzz::Parse(json);
      QUELL_CHECK(again.size() == 1 && delta::ToJson(again.front()) == json);
      fuzz::Accepts([&] {
        if (const auto* metadata = std::get_if<delta::Metadata>(&action)) fuzz::UseMetadata(*metadata);
        if (const auto* file = std::get_if<delta::AddFile>(&action)) fuzz::UseFile(*file);
      });
    }
  });
  return 0;
}
