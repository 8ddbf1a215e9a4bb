#include "delta/spec/action_json.h"

#include <gtest/gtest.h>

#include "delta/error_classes.h"
#include "delta/spec/path.h"

namespace quell::delta {
namespace {

std::vector<Action> Parse(const std::string& text) {
  std::vector<Action> actions;
  ParseActions(text, "0.json", [&](Action&& action) { actions.push_back(std::move(action)); });
  return actions;
}

void ExpectRoundTrip(const Action& action) {
  const std::vector<Action> parsed = Parse(ToJson(action) + "\n");
  ASSERT_EQ(parsed.size(), 1u) << ToJson(action);
  EXPECT_EQ(parsed[0], action) << ToJson(action);
}

AddFile FullAddFile() {
  AddFile file;
  file.path = "day=2024%2F01/a b#\xc3\xa9.parquet";
  file.partition_values = {{"day", "2024/01"}, {"country", std::nullopt}};
  file.size_bytes = 12;
  file.modification_time_ms = 34;
  file.stats = R"({"numRecords":3,"minValues":{"s":"\"\\"}})";
  file.tags = Tags{{"k", "v"}};
  file.deletion_vector = DeletionVectorDescriptor{'u', "ab^-aqEH.-t@S}K{vb[*k^", 4, 40, 6};
  file.base_row_id = 0;
  file.default_row_commit_version = 7;
  file.clustering_provider = "liquid";
  return file;
}

TEST(ActionJsonTest, EveryActionComesBack) {
  const AddFile file = FullAddFile();
  ExpectRoundTrip(file);
  ExpectRoundTrip(AddFile{.path = "p"});
  ExpectRoundTrip(RemoveOf(file, 99, true));
  ExpectRoundTrip(RemoveFile{.path = "p"});
  ExpectRoundTrip(CdcFile{"_change_data/c", file.partition_values, 5, Tags{}});
  ExpectRoundTrip(Protocol{1, 2});
  ExpectRoundTrip(Protocol{3, 7, {"timestampNtz"}, {"timestampNtz", "appendOnly"}});
  ExpectRoundTrip(SetTransaction{"app", 3, 4});
  ExpectRoundTrip(SetTransaction{"app", 3});
  ExpectRoundTrip(DomainMetadata{"delta.x", "{}", true});
  ExpectRoundTrip(CheckpointMetadata{8});
  ExpectRoundTrip(Sidecar{"a b.parquet", 1, 2});
  Metadata metadata;
  metadata.id = "id";
  metadata.name = "n\n\x01";
  metadata.schema_string = R"({"type":"struct","fields":[]})";
  metadata.partition_columns = {"a", "b"};
  metadata.configuration = {{"delta.appendOnly", "true"}};
  metadata.created_time_ms = 1;
  ExpectRoundTrip(metadata);
  CommitInfo info;
  info.operation = "WRITE";
  info.timestamp_ms = 1;
  info.operation_parameters = {{"mode", "Append"}, {"n", "1"}};
  info.is_blind_append = true;
  info.txn_id = "t";
  ExpectRoundTrip(info);
}

TEST(ActionJsonTest, PathsAreEncodedInTheLogAlone) {
  EXPECT_NE(ToJson(FullAddFile()).find(R"("path":"day=2024%252F01/a%20b%23%C3%A9.parquet")"), std::string::npos);
  const auto actions = Parse(R"({"add":{"path":"x%3Dy%20z","size":1}})");
  EXPECT_EQ(std::get<AddFile>(actions.at(0)).path, "x=y z");
}

TEST(ActionJsonTest, ParametersThatAreNoStringsAreKeptAsJson) {
  const auto actions =
      Parse(R"({"commitInfo":{"operationParameters":{"i":-1,"b":true,"l":[1, "x"],"f":0.5,"n":null}}})");
  const auto& parameters = std::get<CommitInfo>(actions.at(0)).operation_parameters;
  EXPECT_EQ(parameters,
            (std::map<std::string, std::string>{{"i", "-1"}, {"b", "true"}, {"l", "[1,\"x\"]"}, {"f", "0.5"}}));
}

TEST(ActionJsonTest, UnknownActionsAndMembersArePassedOver) {
  EXPECT_TRUE(Parse("{\"strange\":{\"a\":1}}\n\n").empty());
  const auto actions = Parse("{\"txn\":{\"appId\":\"a\",\"version\":1,\"more\":[1]}}\r\n{\"add\":null}");
  ASSERT_EQ(actions.size(), 1u);
  EXPECT_EQ(std::get<SetTransaction>(actions[0]).version, 1);
}

TEST(ActionJsonTest, DamageNamesFileAndLine) {
  for (const char* text : {"{\"protocol\":{\"minReaderVersion\":1,\"minWriterVersion\":2}}\n{\"add\":{\"path\":",
                           "{}\n{\"add\":{\"size\":1}}", "{}\n[]", "{}\n{\"add\":{\"path\":1,\"size\":1}}"}) {
    try {
      Parse(text);
      FAIL() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.error_class(), error_class::kMalformedLog);
      EXPECT_NE(error.message().find("line 2 of '0.json'"), std::string::npos) << error.message();
    }
  }
}

TEST(PathTest, CanonicalPathsOfOneFileAreEqual) {
  EXPECT_EQ(CanonicalPath("file:///a/b"), "/a/b");
  EXPECT_EQ(CanonicalPath("file:/a/b"), "/a/b");
  EXPECT_EQ(CanonicalPath("/a/b"), "/a/b");
  EXPECT_EQ(CanonicalPath("s3a://b/k"), "s3://b/k");
  EXPECT_EQ(CanonicalPath("day=10:00/part"), "day=10:00/part");
}

TEST(PathTest, PartitionFoldersAreEscaped) {
  EXPECT_EQ(PartitionFolder({{"day", "2024-01-01 00:00"}, {"c", std::nullopt}}),
            "day=2024-01-01 00%3A00/c=__HIVE_DEFAULT_PARTITION__/");
}

}  // namespace
}  // namespace quell::delta
