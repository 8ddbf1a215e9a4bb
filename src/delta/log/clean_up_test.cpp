#include "delta/log/clean_up.h"

#include <chrono>

#include "delta/transaction/table_fixture.h"

namespace quell::delta {
namespace {

constexpr int64_t kDayMs = 86'400'000;

class CleanUpTest : public TableTest {
 protected:
  static int64_t NowMs() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
  }
  // Makes the files of the log up to `version` as old as if they had been written days ago.
  void MakeOld(int64_t version, int days) {
    const auto then = std::filesystem::file_time_type::clock::now() - std::chrono::hours(24 * days);
    for (int64_t v = 0; v <= version; ++v) {
      for (const storage::Uri& uri : {CommitUri(table_, v), ClassicCheckpointUri(table_, v)}) {
        if (files_->Stat(uri)) std::filesystem::last_write_time(uri.path, then);
      }
    }
  }
  std::set<int64_t> Versions() {
    std::set<int64_t> versions;
    for (const CommitFile& commit : ListCommits(*files_, table_, 0)) versions.insert(commit.version);
    return versions;
  }
  void AppendUpTo(int64_t version) {
    for (int64_t v = Load()->version() + 1; v <= version; ++v) {
      EXPECT_EQ(Append("f" + std::to_string(v)).checkpoint_failure, std::nullopt);
    }
  }
};

TEST_F(CleanUpTest, CheckpointsRemoveWhatExpired) {
  CreateTable({{"delta.checkpointInterval", "3"}});
  AppendUpTo(8);
  files_->Put(LogFolder(table_).Child(VersionDigits(2) + ".crc"), {});
  files_->Put(LogFolder(table_).Child(VersionDigits(1) + "." + VersionDigits(2) + ".compacted.json"), {});
  files_->Put(LogFolder(table_).Child("kept.json"), {});
  MakeOld(7, 40);
  AppendUpTo(9);
  // Version 7 was the newest at the cutoff; it needs the checkpoint of version 6.
  EXPECT_EQ(Versions(), (std::set<int64_t>{6, 7, 8, 9}));
  EXPECT_FALSE(files_->Stat(ClassicCheckpointUri(table_, 3)));
  EXPECT_FALSE(files_->Stat(LogFolder(table_).Child(VersionDigits(2) + ".crc")));
  EXPECT_FALSE(files_->Stat(LogFolder(table_).Child(VersionDigits(1) + "." + VersionDigits(2) + ".compacted.json")));
  EXPECT_TRUE(files_->Stat(LogFolder(table_).Child("kept.json")));
  for (int64_t version = 6; version <= 9; ++version) {
    EXPECT_EQ(Load(AtVersion{version})->ActiveFiles().size(), static_cast<size_t>(version));
  }
  EXPECT_THROW(Load(AtVersion{5}), Error);
}

TEST_F(CleanUpTest, OnlyWhenAsked) {
  CreateTable({{"delta.checkpointInterval", "3"}, {"delta.enableExpiredLogCleanup", "false"}});
  AppendUpTo(8);
  MakeOld(8, 400);
  AppendUpTo(9);
  EXPECT_EQ(Versions().size(), 10u);
}

TEST_F(CleanUpTest, RetentionOfTheTable) {
  CreateTable({{"delta.checkpointInterval", "3"}, {"delta.logRetentionDuration", "interval 60 days"}});
  AppendUpTo(8);
  MakeOld(8, 40);
  AppendUpTo(9);
  EXPECT_EQ(Versions().size(), 10u);
}

TEST_F(CleanUpTest, NothingBeforeTheFirstCheckpoint) {
  CreateTable();
  AppendUpTo(4);
  MakeOld(4, 40);
  EXPECT_EQ(CleanUpLog(*files_, table_, NowMs() - kDayMs), 0);
  EXPECT_EQ(Versions().size(), 5u);
}

}  // namespace
}  // namespace quell::delta
