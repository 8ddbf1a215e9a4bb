#include "delta/transaction/transaction.h"

#include "delta/error_classes.h"
#include "delta/snapshot/time_travel.h"
#include "delta/transaction/table_fixture.h"

namespace quell::delta {
namespace {

using Paths = std::set<std::string>;

class TransactionTest : public TableTest {
 protected:
  static std::string ConflictOf(const CommitOutcome& outcome) {
    const auto* conflict = std::get_if<Conflict>(&outcome);
    return conflict ? conflict->error.name : "none";
  }
};

TEST_F(TransactionTest, CreateAppendOverwrite) {
  CreateTable();
  EXPECT_EQ(Append("a").version, 1);
  EXPECT_EQ(Append("b").version, 2);
  Transaction overwrite(Load());
  overwrite.ReplaceFiles([](const AddFile&) { return true; });
  overwrite.AddFile(FileOf("c"));
  const auto committed = std::get<Committed>(overwrite.Commit(nullptr));
  EXPECT_EQ(committed.version, 3);
  EXPECT_EQ(committed.files_removed, 2);
  EXPECT_EQ(PathsOf(*Load()), (Paths{"c"}));
  const auto history = ReadHistory(*files_, table_, 2);
  EXPECT_EQ(history.at(0).info.is_blind_append, false);
  EXPECT_EQ(history.at(1).info.is_blind_append, true);
  EXPECT_EQ(history.at(1).info.read_version, 1);
}

TEST_F(TransactionTest, LosersFollowTheWinner) {
  CreateTable();
  Append("a", "1");
  Transaction append(Load());
  append.AddFile(FileOf("late"));
  Transaction overwrite(Load());
  overwrite.ReplaceFiles([](const AddFile& file) { return file.partition_values.at(0).second == "1"; });
  overwrite.AddFile(FileOf("new", "1"));
  Append("b", "1");
  Append("c", "2");
  EXPECT_EQ(std::get<Committed>(append.Commit(nullptr)).version, 4);
  // The overwrite replaces what is there when it comes, other writers' files included.
  const auto committed = std::get<Committed>(overwrite.Commit(nullptr));
  EXPECT_EQ(committed.version, 5);
  EXPECT_EQ(PathsOf(*Load()), (Paths{"c", "new"}));
}

TEST_F(TransactionTest, ConflictsAreValues) {
  CreateTable();
  Append("a");
  Transaction reader(Load());
  reader.ReadWholeTable();
  reader.AddFile(FileOf("derived"));
  Transaction remover(Load());
  remover.RemoveFile(FileOf("a"));
  Transaction first_remover(Load());
  first_remover.RemoveFile(FileOf("a"));
  EXPECT_EQ(ConflictOf(first_remover.Commit(nullptr)), "none");
  EXPECT_EQ(ConflictOf(remover.Commit(nullptr)), error_class::kConcurrentDeleteDelete.name);
  EXPECT_EQ(ConflictOf(reader.Commit(nullptr)), error_class::kConcurrentDeleteRead.name);
  EXPECT_EQ(Load()->version(), 2);
}

TEST_F(TransactionTest, OneOfTwoCreates) {
  Transaction late(files_, table_);
  late.SetMetadata(MetadataOf(LongColumn()));
  CreateTable();
  EXPECT_EQ(ConflictOf(late.Commit(nullptr)), error_class::kProtocolChanged.name);
}

TEST_F(TransactionTest, AppTransactionsHappenOnce) {
  CreateTable();
  const auto write = [&](SnapshotPtr snapshot, int64_t version, const std::string& path) {
    Transaction transaction(std::move(snapshot));
    transaction.SetAppTransaction("app", version);
    files_->Put(table_.Child(path), {});
    transaction.AddFile(FileOf(path));
    return std::get<Committed>(transaction.Commit(nullptr)).was_skipped;
  };
  const SnapshotPtr old = Load();
  EXPECT_FALSE(write(old, 5, "a"));
  EXPECT_TRUE(write(Load(), 5, "b"));
  EXPECT_TRUE(write(Load(), 4, "b"));
  EXPECT_TRUE(write(old, 5, "b"));  // a copy of the job that began before the first was done
  EXPECT_FALSE(files_->Stat(table_.Child("b")));
  EXPECT_FALSE(write(Load(), 6, "c"));
  EXPECT_EQ(PathsOf(*Load()), (Paths{"a", "c"}));
}

TEST_F(TransactionTest, AppendOnly) {
  CreateTable({{"delta.appendOnly", "true"}});
  Append("a");
  Transaction overwrite(Load());
  overwrite.ReplaceFiles([](const AddFile&) { return true; });
  EXPECT_THROW(overwrite.Commit(nullptr), Error);
  EXPECT_EQ(PathsOf(*Load()), (Paths{"a"}));
}

TEST_F(TransactionTest, InCommitTimestampsAscend) {
  CreateTable({{"delta.enableInCommitTimestamps", "true"}});
  EXPECT_TRUE(Load()->protocol().writer_features.contains("inCommitTimestamp"));
  int64_t previous = Load()->timestamp_ms();
  for (const char* path : {"a", "b", "c"}) {
    Append(path);
    EXPECT_GT(Load()->timestamp_ms(), previous);
    previous = Load()->timestamp_ms();
  }
  EXPECT_EQ(Load(AtTimestamp{previous * 1000})->version(), 3);
  EXPECT_EQ(Load(AtTimestamp{previous * 1000 - 1})->version(), 2);
}

TEST_F(TransactionTest, InCommitTimestampsOfATableThatHadOthers) {
  CreateTable();
  Append("a");
  Transaction replace(Load());
  replace.SetMetadata(MetadataOf(LongColumn(), {{"delta.enableInCommitTimestamps", "true"}}));
  EXPECT_EQ(ConflictOf(replace.Commit(nullptr)), "none");
  Append("b");
  const SnapshotPtr snapshot = Load();
  EXPECT_EQ(*snapshot->metadata().FindProperty("delta.inCommitTimestampEnablementVersion"), "2");
  EXPECT_EQ(*snapshot->metadata().FindProperty("delta.inCommitTimestampEnablementTimestamp"),
            std::to_string(Load(AtVersion{2})->timestamp_ms()));
  for (int64_t version = 2; version <= 3; ++version) {
    EXPECT_EQ(Load(AtTimestamp{Load(AtVersion{version})->timestamp_ms() * 1000})->version(), version);
  }
}

TEST_F(TransactionTest, FeaturesAreAskedForByProperties) {
  CreateTable({{"delta.feature.deletionVectors", "supported"}, {"delta.minReaderVersion", "1"}});
  const SnapshotPtr snapshot = Load();
  EXPECT_TRUE(snapshot->metadata().configuration.empty());
  EXPECT_EQ(snapshot->protocol().min_reader_version, 3);
  EXPECT_EQ(snapshot->protocol().reader_features, (std::set<std::string>{"deletionVectors"}));
  EXPECT_EQ(snapshot->protocol().writer_features, (std::set<std::string>{"deletionVectors"}));
  Transaction refused(Load());
  EXPECT_THROW(refused.SetMetadata(MetadataOf(LongColumn(), {{"delta.feature.rowTracking", "supported"}})), Error);
}

TEST_F(TransactionTest, MetadataKeepsTheTableAndRaisesTheProtocol) {
  CreateTable();
  Append("a");
  Transaction replace(Load());
  Metadata metadata = MetadataOf(Schema({{"t", Type(TypeId::kTimestampNtz)}}));
  metadata.id = "another";
  replace.SetMetadata(metadata);
  replace.ReplaceFiles([](const AddFile&) { return true; });
  EXPECT_EQ(ConflictOf(replace.Commit(nullptr)), "none");
  const SnapshotPtr snapshot = Load();
  EXPECT_EQ(snapshot->metadata().id, "id");
  EXPECT_EQ(snapshot->protocol().min_reader_version, 3);
  EXPECT_TRUE(snapshot->protocol().writer_features.contains("appendOnly"));
  EXPECT_TRUE(PathsOf(*snapshot).empty());
}

TEST_F(TransactionTest, CheckpointsComeAtTheInterval) {
  CreateTable({{"delta.checkpointInterval", "3"}});
  for (int i = 1; i <= 7; ++i) EXPECT_FALSE(Append("f" + std::to_string(i)).checkpoint_failure);
  for (int64_t version = 0; version <= 7; ++version) {
    const bool is_due = version == 3 || version == 6;
    EXPECT_EQ(files_->Stat(ClassicCheckpointUri(table_, version)).has_value(), is_due) << version;
  }
  EXPECT_EQ(Load()->segment().commits.size(), 1u);
}

TEST_F(TransactionTest, AbandonedFilesAreDeleted) {
  CreateTable();
  files_->Put(table_.Child("lost"), {});
  Transaction transaction(Load());
  transaction.AddFile(FileOf("lost"));
  transaction.Abandon();
  EXPECT_FALSE(files_->Stat(table_.Child("lost")));
}

TEST_F(TransactionTest, CancelledBeforeTheCommit) {
  CreateTable();
  const auto cancel = std::make_shared<CancelToken>();
  cancel->Cancel();
  Transaction transaction(Load());
  transaction.AddFile(FileOf("a"));
  EXPECT_THROW(transaction.Commit(cancel), Error);
  EXPECT_EQ(Load()->version(), 0);
}

TEST(NewDataFilePathTest, FoldersAndNames) {
  const std::string path = NewDataFilePath({{"day", "a/b"}, {"c", std::nullopt}}, 7, "zstd");
  EXPECT_TRUE(path.starts_with("day=a%2Fb/c=__HIVE_DEFAULT_PARTITION__/part-00007-")) << path;
  EXPECT_TRUE(path.ends_with("-c000.zstd.parquet")) << path;
  EXPECT_NE(path, NewDataFilePath({{"day", "a/b"}, {"c", std::nullopt}}, 7, "zstd"));
}

}  // namespace
}  // namespace quell::delta
