#include "delta/snapshot/snapshot.h"

#include "delta/checkpoint/write_checkpoint.h"
#include "delta/error_classes.h"
#include "delta/snapshot/protocol_gate.h"
#include "delta/transaction/table_fixture.h"

namespace quell::delta {
namespace {

using Paths = std::set<std::string>;

class SnapshotTest : public TableTest {
 protected:
  std::string ErrorOf(const VersionSpec& version = LatestVersion{}) {
    try {
      Load(version);
      return "none";
    } catch (const Error& error) {
      return error.error_class().name;
    }
  }
};

TEST_F(SnapshotTest, NothingThere) { EXPECT_EQ(Load(), nullptr); }

TEST_F(SnapshotTest, NewestActionCounts) {
  const DeletionVectorDescriptor vector{'i', "x", {}, 1, 1};
  AddFile with_vector = FileOf("b");
  with_vector.deletion_vector = vector;
  PutCommit(0, {Protocol{}, MetadataOf(LongColumn()), FileOf("a"), FileOf("b"), SetTransaction{"app", 1}});
  // A file gets a deletion vector: it is removed and added again in one commit.
  PutCommit(1, {RemoveOf(FileOf("b"), 1, true), with_vector, DomainMetadata{"d", "1"}});
  PutCommit(2, {RemoveFile{.path = "a"}, SetTransaction{"app", 7}, FileOf("c"), DomainMetadata{"d", "", true}});
  const SnapshotPtr snapshot = Load();
  EXPECT_EQ(snapshot->version(), 2);
  EXPECT_EQ(PathsOf(*snapshot), (Paths{"b", "c"}));
  EXPECT_EQ(snapshot->FindTransaction("app")->version, 7);
  EXPECT_TRUE(snapshot->domains().at("d").removed);
  for (const AddFile& file : snapshot->ActiveFiles()) {
    EXPECT_EQ(file.deletion_vector.has_value(), file.path == "b");
  }
  EXPECT_EQ(PathsOf(*Load(AtVersion{0})), (Paths{"a", "b"}));
  EXPECT_EQ(Load(AtVersion{1})->FindTransaction("app")->version, 1);
}

TEST_F(SnapshotTest, CheckpointSaysWhatTheCommitsSaid) {
  Metadata metadata = MetadataOf(LongColumn(), {{"delta.appendOnly", "false"}});
  metadata.partition_columns = {"p"};
  AddFile full = FileOf("a b/%20");
  full.partition_values = {{"p", std::nullopt}};
  full.stats = "{\"numRecords\":1}";
  full.tags = Tags{{"k", "v"}};
  full.deletion_vector = DeletionVectorDescriptor{'u', "abcdefghijklmnopqrst", 1, 2, 3};
  PutCommit(0, {Protocol{3, 7, {"deletionVectors"}, {"deletionVectors"}}, metadata, full, FileOf("gone"),
                SetTransaction{"app", 1, 5}, DomainMetadata{"d", "{}"}});
  constexpr int64_t kFarFutureMs = 4'000'000'000'000;
  PutCommit(1, {RemoveOf(FileOf("gone"), kFarFutureMs, true), RemoveFile{.path = "old", .deletion_timestamp_ms = 1}});
  const SnapshotPtr before = Load();
  WriteCheckpoint(*before);
  // Without its commits the table lives on from the checkpoint.
  files_->Delete({CommitUri(table_, 0), CommitUri(table_, 1)});
  const SnapshotPtr after = Load();
  ASSERT_TRUE(after->segment().checkpoint);
  EXPECT_TRUE(after->segment().commits.empty());
  EXPECT_EQ(after->protocol(), before->protocol());
  EXPECT_EQ(after->metadata(), before->metadata());
  EXPECT_EQ(after->transactions(), before->transactions());
  EXPECT_EQ(after->domains(), before->domains());
  full.data_change = false;
  EXPECT_EQ(after->ActiveFiles(), std::vector<AddFile>{full});
  std::vector<RemoveFile> tombstones;
  after->VisitFileActions([&](Action&& action) {
    if (auto* remove = std::get_if<RemoveFile>(&action)) tombstones.push_back(*remove);
    return true;
  });
  ASSERT_EQ(tombstones.size(), 1u);  // the old one has expired
  EXPECT_EQ(tombstones[0].path, "gone");

  PutCommit(2, {RemoveFile{.path = full.path, .deletion_vector = full.deletion_vector}, FileOf("new")});
  EXPECT_EQ(PathsOf(*Load()), (Paths{"new"}));
  EXPECT_EQ(ErrorOf(AtVersion{0}), error_class::kVersionNotFound.name);
}

TEST_F(SnapshotTest, HintsAreOnlyHints) {
  CreateTable();
  Append("a");
  const auto put_hint = [&](const std::string& text) {
    files_->Put(LastCheckpointUri(table_), {reinterpret_cast<const uint8_t*>(text.data()), text.size()});
  };
  for (const char* hint : {"{", "{\"version\":\"x\"}", "{\"version\":1}", "{\"version\":99}", ""}) {
    put_hint(hint);
    EXPECT_EQ(PathsOf(*Load()), (Paths{"a"})) << hint;
  }
}

TEST_F(SnapshotTest, ManyFilesThroughACheckpoint) {
  constexpr int kFiles = 10'000;  // more than a batch of rows
  std::vector<Action> actions = {Protocol{}, MetadataOf(LongColumn())};
  for (int i = 0; i < kFiles; ++i) actions.push_back(FileOf("file-" + std::to_string(i)));
  PutCommit(0, actions);
  WriteCheckpoint(*Load());
  PutCommit(1, {RemoveFile{.path = "file-5000"}, FileOf("one more")});
  const Paths paths = PathsOf(*Load());
  EXPECT_EQ(paths.size(), static_cast<size_t>(kFiles));
  EXPECT_FALSE(paths.contains("file-5000"));
}

TEST_F(SnapshotTest, RefusesWhatItCannotRead) {
  PutCommit(0, {Protocol{}, MetadataOf(LongColumn())});
  PutCommit(1, {Protocol{3, 7, {"collations-preview", "timestampNtz"}, {"collations-preview", "timestampNtz"}}});
  EXPECT_EQ(ErrorOf(), error_class::kUnsupportedReadFeatures.name);
  PutCommit(1, {Protocol{3, 7, {}, {"icebergCompatV2", "rowTracking"}}});
  EXPECT_EQ(ErrorOf(), "none");  // features of writers do not block readers
  PutCommit(1, {Protocol{9, 7}});
  EXPECT_EQ(ErrorOf(), error_class::kInvalidProtocolVersion.name);
  PutCommit(1, {FileOf("a")});
  PutCommit(3, {FileOf("b")});
  EXPECT_EQ(ErrorOf(), error_class::kVersionsNotContiguous.name);
  EXPECT_EQ(ErrorOf(AtVersion{1}), "none");
}

TEST(ProtocolGateTest, LowestProtocol) {
  const storage::Uri table = storage::Uri::Parse("/t");
  Metadata metadata;
  EXPECT_EQ(LowestProtocol(table, metadata, Schema({{"a", Type(TypeId::kTimestamp)}})), Protocol{});
  const Schema nested({{"a", Type::Array(Type(TypeId::kTimestampNtz))}});
  EXPECT_EQ(LowestProtocol(table, metadata, nested), (Protocol{3, 7, {"timestampNtz"}, {"timestampNtz"}}));
  const Type member_not_null = Type::Struct({{"b", Type(TypeId::kTimestampNtz), false}});
  EXPECT_EQ(LowestProtocol(table, metadata, Schema({{"a", member_not_null}})),
            (Protocol{3, 7, {"timestampNtz"}, {"invariants", "timestampNtz"}}));
  EXPECT_EQ(LowestProtocol(table, metadata, Schema({{"a", Type::Array(member_not_null)}})),
            (Protocol{3, 7, {"timestampNtz"}, {"timestampNtz"}}));
  metadata.configuration["delta.constraints.positive"] = "a > 0";
  EXPECT_EQ(LowestProtocol(table, metadata, nested),
            (Protocol{3, 7, {"timestampNtz"}, {"checkConstraints", "timestampNtz"}}));
  EXPECT_EQ(LowestProtocol(table, metadata, Schema({{"a", Type(TypeId::kLong)}})), (Protocol{1, 3}));
  metadata.configuration = {{"Delta.Constraints.positive", "a > 0"}};
  EXPECT_EQ(LowestProtocol(table, metadata, Schema({{"a", Type(TypeId::kLong)}})), (Protocol{1, 3}));
  metadata.configuration["delta.enableRowTracking"] = "true";
  EXPECT_THROW(LowestProtocol(table, metadata, nested), Error);
}

TEST(ProtocolGateTest, WritingNeedsEveryFeatureInUse) {
  const storage::Uri table = storage::Uri::Parse("/t");
  const Schema schema({{"a", Type(TypeId::kLong)}});
  const Field checked{"a", Type(TypeId::kLong), true, R"({"delta.invariants":"{}"})"};
  EXPECT_NO_THROW(CheckCanWrite(table, Protocol{1, 6}, {}, schema));
  EXPECT_NO_THROW(CheckCanWrite(table, Protocol{1, 7, {}, {"checkConstraints", "appendOnly"}}, {}, schema));
  EXPECT_NO_THROW(CheckCanWrite(table, Protocol{1, 2}, {}, Schema({checked})));
  EXPECT_THROW(CheckCanWrite(table, Protocol{1, 2}, {}, Schema({{"s", Type::Struct({checked})}})), Error);
  EXPECT_THROW(CheckCanWrite(table, Protocol{1, 7, {}, {"rowTracking"}}, {}, schema), Error);
  EXPECT_THROW(CheckCanWrite(table, Protocol{1, 8}, {}, schema), Error);
}

TEST(ProtocolGateTest, MergeSpellsOutLegacyFeatures) {
  const Protocol merged = MergeProtocols(Protocol{2, 5}, Protocol{3, 7, {"timestampNtz"}, {"timestampNtz"}});
  EXPECT_EQ(merged.reader_features, (std::set<std::string>{"columnMapping", "timestampNtz"}));
  EXPECT_TRUE(merged.writer_features.contains("checkConstraints"));
  EXPECT_FALSE(merged.writer_features.contains("identityColumns"));
  EXPECT_EQ(MergeProtocols(Protocol{1, 2}, Protocol{1, 4}), (Protocol{1, 4}));
}

}  // namespace
}  // namespace quell::delta
