// Reads and writes Delta tables without the engine, for tests of the log alone.
//   quell_delta_tool dump TABLE [--version N] [--timestamp-us T]
//   quell_delta_tool history TABLE
//   quell_delta_tool write TABLE --writer NAME --commits N [--first N] [--rows N] [--overwrite-every N] [--app ID]
// `write` makes one small Parquet file for each commit; its add action has the tag "commit" = "NAME-<number>".
#include <cstdio>
#include <iostream>

#include <CLI/CLI.hpp>
#include <arrow/array/builder_binary.h>
#include <arrow/array/builder_primitive.h>
#include <arrow/table.h>
#include <parquet/arrow/writer.h>

#include "base/arrow_result.h"
#include "base/error_classes.h"
#include "base/fault_point.h"
#include "base/json_writer.h"
#include "base/uuid.h"
#include "delta/deletion_vector/deletion_vector.h"
#include "delta/schema/schema_json.h"
#include "delta/snapshot/snapshot.h"
#include "delta/snapshot/time_travel.h"
#include "delta/spec/action_json.h"
#include "delta/spec/path.h"
#include "delta/transaction/transaction.h"
#include "storage/parquet/arrow_output.h"

namespace quell::delta {
namespace {

void DumpFile(const Snapshot& snapshot, const AddFile& file, JsonWriter* json) {
  json->BeginObject().Member("path", file.path);
  json->Member("uri", ResolvePath(snapshot.table(), file.path).ToString()).Member("size", file.size_bytes);
  json->Key("partitionValues").BeginObject();
  for (const auto& [name, value] : file.partition_values) {
    json->Key(name);
    if (value) {
      json->String(*value);
    } else {
      json->Null();
    }
  }
  json->EndObject().Member("stats", file.stats).Key("tags").BeginObject();
  for (const auto& [key, value] : file.tags.value_or(Tags())) json->Member(key, value);
  json->EndObject().Key("deletedRows").BeginArray();
  if (file.deletion_vector) {
    for (const int64_t row : ReadDeletionVector(*snapshot.files(), snapshot.table(), *file.deletion_vector)) {
      json->Int(row);
    }
  }
  json->EndArray().EndObject();
}

int Dump(const storage::Uri& table, const VersionSpec& version) {
  const SnapshotPtr snapshot = Snapshot::Load(storage::MakeFileSystem(table, {}), table, version);
  JsonWriter json;
  if (!snapshot) {
    std::cout << "null\n";
    return 0;
  }
  json.BeginObject().Member("version", snapshot->version()).Member("timestampMs", snapshot->timestamp_ms());
  json.Key("protocol").Raw(ToJson(snapshot->protocol())).Key("metadata").Raw(ToJson(snapshot->metadata()));
  json.Key("physicalSchema").Raw(SchemaToJson(snapshot->physical_schema()));
  json.Key("transactions").BeginObject();
  for (const auto& [app_id, transaction] : snapshot->transactions()) json.Member(app_id, transaction.version);
  json.EndObject().Key("files").BeginArray();
  for (const AddFile& file : snapshot->ActiveFiles()) DumpFile(*snapshot, file, &json);
  json.EndArray().EndObject();
  std::cout << json.text() << "\n";
  return 0;
}

int History(const storage::Uri& table) {
  constexpr size_t kAll = 1'000'000;
  for (const HistoryEntry& entry : ReadHistory(*storage::MakeFileSystem(table, {}), table, kAll)) {
    JsonWriter json;
    json.BeginObject().Member("version", entry.version).Member("timestampMs", entry.timestamp_ms);
    json.Key("info").Raw(ToJson(entry.info)).EndObject();
    std::cout << json.text() << "\n";
  }
  return 0;
}

struct WriteOptions {
  std::string writer;
  int64_t first = 0;
  int64_t commits = 1;
  int64_t rows = 3;
  int64_t overwrite_every = 0;
  std::string app_id;
};

const Schema& TableSchema() {
  static const Schema schema({{"writer", Type(TypeId::kString)}, {"number", Type(TypeId::kLong)}});
  return schema;
}

// A Parquet file with `rows` rows (writer, commit number).
AddFile WriteDataFile(storage::FileSystem& files, const storage::Uri& table, const WriteOptions& options,
                      int64_t number) {
  arrow::StringBuilder writers;
  arrow::Int64Builder numbers;
  const ErrorClass& error_class = quell::error_class::kFailedWriteFile;
  for (int64_t row = 0; row < options.rows; ++row) {
    Unwrap(writers.Append(options.writer), error_class, "build rows");
    Unwrap(numbers.Append(number), error_class, "build rows");
  }
  const auto schema = arrow::schema({arrow::field("writer", arrow::utf8()), arrow::field("number", arrow::int64())});
  const auto rows = arrow::Table::Make(schema, {Unwrap(writers.Finish(), error_class, "build rows"),
                                                Unwrap(numbers.Finish(), error_class, "build rows")});
  AddFile file{.path = NewDataFilePath({}, 0, "uncompressed")};
  const std::shared_ptr<storage::OutputFile> output = files.Create(ResolvePath(table, file.path));
  Unwrap(
      parquet::arrow::WriteTable(*rows, arrow::default_memory_pool(), std::make_shared<storage::ArrowOutput>(output)),
      error_class, "write rows");
  FaultPoint("data.before_close");
  output->Close();
  FaultPoint("data.after_close");
  file.size_bytes = output->bytes_written();
  file.modification_time_ms = files.Stat(ResolvePath(table, file.path))->modified_ms;
  file.stats = "{\"numRecords\":" + std::to_string(options.rows) + "}";
  file.tags = Tags{{"commit", options.writer + "-" + std::to_string(number)}};
  return file;
}

void CreateTable(const storage::FileSystemPtr& files, const storage::Uri& table) {
  Metadata metadata;
  metadata.id = RandomUuid();
  metadata.schema_string = SchemaToJson(TableSchema());
  Transaction transaction(files, table);
  transaction.SetMetadata(std::move(metadata));
  transaction.SetOperation({"CREATE TABLE", {}, {}});
  transaction.Commit(nullptr);  // a conflict means that another writer created it
}

// Commits until no other writer is in the way. True when the commit was there before.
Committed WriteOnce(const storage::FileSystemPtr& files, const storage::Uri& table, const WriteOptions& options,
                    int64_t number, int64_t* conflicts) {
  const bool overwrites =
      options.overwrite_every > 0 && number % options.overwrite_every == options.overwrite_every - 1;
  while (true) {
    Transaction transaction(Snapshot::Load(files, table));
    transaction.SetOperation({"WRITE", {{"mode", overwrites ? "Overwrite" : "Append"}, {"partitionBy", "[]"}}, {}});
    if (!options.app_id.empty()) transaction.SetAppTransaction(options.app_id, number);
    if (overwrites) transaction.ReplaceFiles([](const AddFile&) { return true; });
    transaction.AddFile(WriteDataFile(*files, table, options, number));
    const CommitOutcome outcome = transaction.Commit(nullptr);
    if (const auto* committed = std::get_if<Committed>(&outcome)) return *committed;
    transaction.Abandon();
    ++*conflicts;
  }
}

int Write(const storage::Uri& table, const WriteOptions& options) {
  const storage::FileSystemPtr files = storage::MakeFileSystem(table, {});
  if (!Snapshot::Load(files, table)) CreateTable(files, table);
  for (int64_t number = options.first; number < options.first + options.commits; ++number) {
    int64_t conflicts = 0;
    const Committed committed = WriteOnce(files, table, options, number, &conflicts);
    JsonWriter json;
    json.BeginObject().Member("number", number).Member("version", committed.version);
    json.Member("skipped", committed.was_skipped).Member("attempts", committed.attempts);
    json.Member("conflicts", conflicts).Member("checkpointFailure", committed.checkpoint_failure).EndObject();
    std::cout << json.text() << std::endl;
  }
  return 0;
}

int Main(int argc, char** argv) {
  CLI::App app("reads and writes Delta tables for tests");
  std::string table;
  std::optional<int64_t> version;
  std::optional<int64_t> timestamp_us;
  WriteOptions options;
  auto* dump = app.add_subcommand("dump");
  auto* history = app.add_subcommand("history");
  auto* write = app.add_subcommand("write");
  for (auto* command : {dump, history, write}) command->add_option("table", table)->required();
  dump->add_option("--version", version);
  dump->add_option("--timestamp-us", timestamp_us);
  write->add_option("--writer", options.writer)->required();
  write->add_option("--first", options.first);
  write->add_option("--commits", options.commits);
  write->add_option("--rows", options.rows);
  write->add_option("--overwrite-every", options.overwrite_every);
  write->add_option("--app", options.app_id);
  app.require_subcommand(1);
  CLI11_PARSE(app, argc, argv);

  const storage::Uri uri = storage::Uri::Parse(table);
  if (*history) return History(uri);
  if (*write) return Write(uri, options);
  VersionSpec spec = LatestVersion{};
  if (version) spec = AtVersion{*version};
  if (timestamp_us) spec = AtTimestamp{*timestamp_us};
  return Dump(uri, spec);
}

}  // namespace
}  // namespace quell::delta

int main(int argc, char** argv) {
  try {
    return quell::delta::Main(argc, argv);
  } catch (const quell::Error& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
