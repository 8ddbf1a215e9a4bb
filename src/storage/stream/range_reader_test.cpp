#include "storage/stream/range_reader.h"

#include <algorithm>
#include <chrono>
#include <latch>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/error_classes.h"

namespace quell::storage {
namespace {

// A file whose bytes are their offsets, and that keeps in mind who read it.
class CountingFile final : public RandomAccessFile {
 public:
  int64_t size_bytes() const override { return 1 << 20; }
  const std::string& path() const override { return path_; }
  bool is_remote() const override { return true; }

  void ReadAt(int64_t offset, std::span<uint8_t> out) override {
    {
      std::lock_guard lock(mutex_);
      readers_.insert(std::this_thread::get_id());
    }
    if (offset + static_cast<int64_t>(out.size()) > size_bytes())
      throw Error(error_class::kFailedReadFile, "too short");
    if (gate_) gate_->wait();
    for (size_t i = 0; i < out.size(); ++i) out[i] = static_cast<uint8_t>(offset + static_cast<int64_t>(i));
  }

  // Reads stand still until the latch opens.
  void WaitFor(std::latch* gate) { gate_ = gate; }
  size_t num_readers() const {
    std::lock_guard lock(mutex_);
    return readers_.size();
  }

 private:
  const std::string path_ = "file";
  std::latch* gate_ = nullptr;
  mutable std::mutex mutex_;
  std::set<std::thread::id> readers_;
};

TEST(RangeReaderTest, ReadsEachRange) {
  const auto file = std::make_shared<CountingFile>();
  RangeReader reader;
  std::vector<RangeReader::Range> ranges;
  for (int64_t i = 0; i < 200; ++i) ranges.push_back(reader.Start(file, i, 1000 + i));
  for (int64_t i = 0; i < 200; ++i) {
    const RangeReader::BufferPtr bytes = ranges[i].get();
    ASSERT_EQ(bytes->size(), 1000 + i);
    EXPECT_EQ((*bytes)[0], static_cast<uint8_t>(i));
    EXPECT_EQ((*bytes)[bytes->size() - 1], static_cast<uint8_t>(i + bytes->size() - 1));
  }
}

TEST(RangeReaderTest, OneAfterTheOtherUsesThreadsAgain) {
  const auto file = std::make_shared<CountingFile>();
  RangeReader reader;
  for (int i = 0; i < 20; ++i) {
    reader.Start(file, 0, 10).get();
    // A thread says that it is idle only after the range is there; on a busy machine a second one may be started.
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  EXPECT_LT(file->num_readers(), 20u);
}

TEST(RangeReaderTest, ManyAtOnceWaitForTheirTurn) {
  const auto file = std::make_shared<CountingFile>();
  std::latch gate(1);
  file->WaitFor(&gate);
  RangeReader reader;
  std::vector<RangeReader::Range> ranges;
  for (int i = 0; i < 500; ++i) ranges.push_back(reader.Start(file, 0, 10));
  gate.count_down();
  for (auto& range : ranges) EXPECT_EQ(range.get()->size(), 10);
  EXPECT_LE(file->num_readers(), 64u);
}

TEST(RangeReaderTest, HandsOutWhatTheFileThrew) {
  RangeReader reader;
  auto range = reader.Start(std::make_shared<CountingFile>(), 1 << 20, 1);
  EXPECT_THROW(range.get(), Error);
  EXPECT_EQ(reader.Start(std::make_shared<CountingFile>(), 0, 1).get()->size(), 1);
}

TEST(RangeReaderTest, DropsWhatNobodyWaitsFor) {
  const auto file = std::make_shared<CountingFile>();
  std::latch gate(1);
  file->WaitFor(&gate);
  std::vector<RangeReader::Range> ranges;
  std::jthread opener;
  {
    RangeReader reader;
    for (int i = 0; i < 500; ++i) ranges.push_back(reader.Start(file, 0, 10));
    opener = std::jthread([&gate] {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      gate.count_down();
    });
  }
  const auto was_read = [](auto& range) {
    try {
      return range.get() != nullptr;
    } catch (const std::future_error&) {
      return false;
    }
  };
  EXPECT_LE(std::count_if(ranges.begin(), ranges.end(), was_read), 64);
}

TEST(RangeReaderTest, PassesOverWhatNobodyWaitsForAnyMore) {
  const auto file = std::make_shared<CountingFile>();
  const auto forgotten = std::make_shared<CountingFile>();
  std::latch gate(1);
  file->WaitFor(&gate);
  RangeReader reader;
  std::vector<RangeReader::Range> ranges;
  for (int i = 0; i < 64; ++i) ranges.push_back(reader.Start(file, 0, 10));
  for (int i = 0; i < 10; ++i) reader.Start(forgotten, 0, 10);
  ranges.push_back(reader.Start(file, 0, 10));
  gate.count_down();
  for (auto& range : ranges) EXPECT_EQ(range.get()->size(), 10);
  EXPECT_EQ(forgotten->num_readers(), 0u);
}

}  // namespace
}  // namespace quell::storage
