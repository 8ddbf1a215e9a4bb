// A Delta table in a folder of its own, for tests.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "delta/schema/schema_json.h"
#include "delta/snapshot/snapshot.h"
#include "delta/spec/action_json.h"
#include "delta/transaction/transaction.h"

namespace quell::delta {

class TableTest : public testing::Test {
 protected:
  TableTest() {
    std::string name = testing::TempDir() + "quell-XXXXXX";
    table_ = storage::Uri::Parse(mkdtemp(name.data()));
    storage::StorageContext context;
    context.fsync = false;
    files_ = storage::MakeFileSystem(table_, context);
  }
  ~TableTest() override { std::filesystem::remove_all(table_.path); }

  static Metadata MetadataOf(const Schema& schema, std::map<std::string, std::string> properties = {}) {
    Metadata metadata;
    metadata.id = "id";
    metadata.schema_string = SchemaToJson(schema);
    metadata.configuration = std::move(properties);
    return metadata;
  }
  static Schema LongColumn() { return Schema({{"n", Type(TypeId::kLong)}}); }

  SnapshotPtr Load(const VersionSpec& version = LatestVersion{}) { return Snapshot::Load(files_, table_, version); }

  void CreateTable(std::map<std::string, std::string> properties = {}) {
    Transaction transaction(files_, table_);
    transaction.SetMetadata(MetadataOf(LongColumn(), std::move(properties)));
    ASSERT_TRUE(std::holds_alternative<Committed>(transaction.Commit(nullptr)));
  }

  // A file named `path` in the partition p = `partition`.
  static AddFile FileOf(const std::string& path, const std::string& partition = "1") {
    AddFile file{.path = path};
    file.partition_values = {{"p", partition}};
    return file;
  }

  Committed Append(const std::string& path, const std::string& partition = "1") {
    Transaction transaction(Load());
    transaction.AddFile(FileOf(path, partition));
    return std::get<Committed>(transaction.Commit(nullptr));
  }

  // Writes a version as another writer would.
  void PutCommit(int64_t version, const std::vector<Action>& actions) {
    std::string text;
    for (const Action& action : actions) text += ToJson(action) + "\n";
    files_->Put(CommitUri(table_, version), {reinterpret_cast<const uint8_t*>(text.data()), text.size()});
  }

  static std::set<std::string> PathsOf(const Snapshot& snapshot) {
    std::set<std::string> paths;
    for (const AddFile& file : snapshot.ActiveFiles()) paths.insert(file.path);
    return paths;
  }

  storage::Uri table_;
  storage::FileSystemPtr files_;
};

}  // namespace quell::delta
