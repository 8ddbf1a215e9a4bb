#include "delta/spec/table_properties.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace quell::delta {
namespace {

constexpr int64_t kHourMs = 3'600'000;

Metadata With(const std::string& key, const std::string& value) {
  Metadata metadata;
  metadata.configuration[key] = value;
  return metadata;
}

TEST(TablePropertiesTest, Defaults) {
  const Metadata metadata;
  EXPECT_EQ(CheckpointInterval(metadata), 10);
  EXPECT_EQ(DeletedFileRetentionMs(metadata), 7 * 24 * kHourMs);
  EXPECT_EQ(LogRetentionMs(metadata), 30 * 24 * kHourMs);
  EXPECT_TRUE(CleansUpExpiredLog(metadata));
  EXPECT_EQ(NumIndexedColumns(metadata), 32);
  EXPECT_EQ(InCommitTimestampEnablementVersion(metadata), std::nullopt);
}

TEST(TablePropertiesTest, Values) {
  EXPECT_EQ(CheckpointInterval(With("delta.checkpointInterval", "3")), 3);
  EXPECT_EQ(LogRetentionMs(With("delta.logRetentionDuration", "interval 36 hours")), 36 * kHourMs);
  EXPECT_EQ(LogRetentionMs(With("delta.logRetentionDuration", "1 day 1 hour")), 25 * kHourMs);
  EXPECT_EQ(LogRetentionMs(With("delta.logRetentionDuration", "INTERVAL 0 seconds")), 0);
  EXPECT_FALSE(CleansUpExpiredLog(With("delta.enableExpiredLogCleanup", "false")));
  EXPECT_EQ(NumIndexedColumns(With("delta.dataSkippingNumIndexedCols", "-1")), -1);
}

TEST(TablePropertiesTest, ValuesThatAreNone) {
  for (const auto& [key, value] : std::initializer_list<std::pair<const char*, const char*>>{
           {"delta.checkpointInterval", "0"},
           {"delta.checkpointInterval", "10x"},
           {"delta.checkpointInterval", ""},
           {"delta.logRetentionDuration", "a month"},
           {"delta.logRetentionDuration", "interval"},
           {"delta.logRetentionDuration", "interval 3 moons"},
           {"delta.deletedFileRetentionDuration", "-1 days"},
           {"delta.dataSkippingNumIndexedCols", "-2"},
           {"delta.inCommitTimestampEnablementVersion", "99999999999999999999"},
           {"delta.appendOnly", "yes"}}) {
    EXPECT_THROW(CheckProperties(With(key, value)), Error) << key << " = " << value;
  }
}

}  // namespace
}  // namespace quell::delta
