#include "delta/transaction/conflict_check.h"

#include "delta/error_classes.h"
#include "delta/transaction/table_fixture.h"

namespace quell::delta {
namespace {

class ConflictCheckTest : public TableTest {
 protected:
  ConflictCheckTest() { PutCommit(0, {Protocol{}, MetadataOf(LongColumn()), FileOf("a")}); }

  // The class of the conflict between the transaction and a commit of these actions, or "none".
  std::string Check(const TransactionFootprint& transaction, std::vector<Action> winner) {
    Commit commit{1, 0, std::move(winner)};
    const auto conflict = CheckConflict(transaction, *Load(), commit);
    return conflict ? conflict->error.name : "none";
  }

  static FilePredicate InPartition(const std::string& partition) {
    return [partition](const AddFile& file) { return file.partition_values.at(0).second == partition; };
  }
  static CommitInfo BlindAppend() {
    CommitInfo info;
    info.is_blind_append = true;
    return info;
  }

  TransactionFootprint blind_append_{.is_blind_append = true};
  TransactionFootprint reads_all_{.reads_whole_table = true};
  TransactionFootprint reads_partition_{.reads = {InPartition("1")}};
};

TEST_F(ConflictCheckTest, Protocols) {
  EXPECT_EQ(Check(blind_append_, {Protocol{}}), "none");  // the same again
  EXPECT_EQ(Check(blind_append_, {Protocol{1, 4}}), "none");
  EXPECT_EQ(Check(blind_append_, {Protocol{1, 1}}), error_class::kProtocolChanged.name);
  TransactionFootprint upgrade{.changes_protocol = true};
  EXPECT_EQ(Check(upgrade, {Protocol{1, 4}}), error_class::kProtocolChanged.name);
}

TEST_F(ConflictCheckTest, Metadatas) {
  Metadata metadata = MetadataOf(LongColumn());
  metadata.description = "new";
  EXPECT_EQ(Check(blind_append_, {metadata}), "none");
  TransactionFootprint changes{.changes_metadata = true};
  EXPECT_EQ(Check(changes, {metadata}), error_class::kMetadataChanged.name);
  metadata.configuration["k"] = "v";
  EXPECT_EQ(Check(blind_append_, {metadata}), error_class::kMetadataChanged.name);
}

TEST_F(ConflictCheckTest, AppTransactions) {
  TransactionFootprint transaction{.is_blind_append = true, .app_id = "app"};
  EXPECT_EQ(Check(transaction, {SetTransaction{"other", 1}}), "none");
  EXPECT_EQ(Check(transaction, {SetTransaction{"app", 1}}), error_class::kConcurrentTransaction.name);
}

TEST_F(ConflictCheckTest, AddedFiles) {
  EXPECT_EQ(Check(blind_append_, {FileOf("b")}), "none");
  EXPECT_EQ(Check(reads_all_, {FileOf("b")}), error_class::kConcurrentAppend.name);
  EXPECT_EQ(Check(reads_partition_, {FileOf("b", "1")}), error_class::kConcurrentAppend.name);
  EXPECT_EQ(Check(reads_partition_, {FileOf("b", "2")}), "none");
  AddFile moved = FileOf("b");
  moved.data_change = false;
  EXPECT_EQ(Check(reads_all_, {moved}), "none");
}

TEST_F(ConflictCheckTest, IsolationLevels) {
  TransactionFootprint transaction = reads_all_;
  EXPECT_EQ(Check(transaction, {BlindAppend(), FileOf("b")}), error_class::kConcurrentAppend.name);
  transaction.isolation = IsolationLevel::kWriteSerializable;
  EXPECT_EQ(Check(transaction, {BlindAppend(), FileOf("b")}), "none");
  EXPECT_EQ(Check(transaction, {FileOf("b")}), error_class::kConcurrentAppend.name);
  transaction.changes_metadata = true;
  EXPECT_EQ(Check(transaction, {BlindAppend(), FileOf("b")}), error_class::kConcurrentAppend.name);
  transaction.isolation = IsolationLevel::kSnapshot;
  EXPECT_EQ(Check(transaction, {FileOf("b")}), "none");
}

TEST_F(ConflictCheckTest, RemovedFiles) {
  const RemoveFile removed = RemoveOf(FileOf("a"), 1, true);
  EXPECT_EQ(Check(blind_append_, {removed}), "none");
  EXPECT_EQ(Check(reads_all_, {removed}), error_class::kConcurrentDeleteRead.name);
  EXPECT_EQ(Check(reads_partition_, {removed}), error_class::kConcurrentDeleteRead.name);
  EXPECT_EQ(Check(reads_partition_, {RemoveOf(FileOf("a", "2"), 1, true)}), "none");
  EXPECT_EQ(Check(reads_partition_, {RemoveFile{.path = "z"}}), error_class::kConcurrentDeleteRead.name);
  TransactionFootprint removes{.removed_paths = {"a"}};
  EXPECT_EQ(Check(removes, {removed}), error_class::kConcurrentDeleteDelete.name);
  EXPECT_EQ(Check(removes, {RemoveOf(FileOf("z"), 1, true)}), "none");
}

}  // namespace
}  // namespace quell::delta
