#include "storage/local_file_system.h"

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include <gtest/gtest.h>

#include "base/error_classes.h"
#include "storage/temporary_file.h"

namespace quell::storage {
namespace {

std::span<const uint8_t> Bytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

class LocalFileSystemTest : public testing::Test {
 protected:
  LocalFileSystemTest() {
    std::string name = testing::TempDir() + "quell-XXXXXX";
    root_ = Uri::Parse(mkdtemp(name.data()));
  }
  ~LocalFileSystemTest() override { std::filesystem::remove_all(root_.path); }

  std::vector<std::string> List(const ListOptions& options) {
    std::vector<std::string> names;
    files_.List(root_, options, [&](FileInfo file) {
      names.push_back(file.path.substr(root_.path.size() + 1));
      return true;
    });
    return names;
  }

  Uri root_;
  LocalFileSystem files_{StorageContext{}};
};

TEST(UriTest, ParsesWhatUsersWrite) {
  EXPECT_EQ(Uri::Parse("s3a://b/k/l"), (Uri{"s3", "b", "k/l"}));
  EXPECT_EQ(Uri::Parse("s3://b").ToString(), "s3://b/");
  EXPECT_EQ(Uri::Parse("s3://b").Child("x").ToString(), "s3://b/x");
  EXPECT_EQ(Uri::Parse("s3://b/k/").Child("x").ToString(), "s3://b/k/x");
  EXPECT_EQ(Uri::Parse("file:///a/./b/").path, "/a/b");
  EXPECT_EQ(Uri::Parse("file:/a").path, "/a");
  EXPECT_EQ(Uri::Parse("a/b").path, std::filesystem::current_path().string() + "/a/b");
  EXPECT_EQ(Uri::Parse("/a/day=2024-01-01T00:00").path, "/a/day=2024-01-01T00:00");
  EXPECT_THROW(Uri::Parse("hdfs://h/p"), Error);
  EXPECT_THROW(Uri::Parse("s3:///k"), Error);
}

TEST_F(LocalFileSystemTest, ReadsNoMoreOnceCancelled) {
  const auto cancel = std::make_shared<CancelToken>();
  LocalFileSystem files{StorageContext{.metrics = nullptr, .cancel = cancel}};
  files.Put(root_.Child("a"), Bytes("text"));
  const auto file = files.Open(root_.Child("a"), {});
  std::string text(4, '\0');
  const std::span<uint8_t> out(reinterpret_cast<uint8_t*>(text.data()), text.size());
  file->ReadAt(0, out);
  EXPECT_EQ(text, "text");
  cancel->Cancel();
  EXPECT_THROW(file->ReadAt(0, out), Error);
}

TEST_F(LocalFileSystemTest, ListsInByteOrder) {
  for (const char* name : {"a0", "a/b", "a.b", "a/c/d", "_log/1", "a"}) {
    if (std::string_view(name) != "a") files_.Put(root_.Child(name), Bytes("x"));
  }
  EXPECT_EQ(List({}), (std::vector<std::string>{"_log/1", "a.b", "a/b", "a/c/d", "a0"}));
  EXPECT_EQ(List({.recursive = true, .start_after = "a/b"}), (std::vector<std::string>{"a/c/d", "a0"}));
  EXPECT_EQ(List({.recursive = false, .start_after = ""}), (std::vector<std::string>{"a.b", "a0"}));
}

TEST_F(LocalFileSystemTest, OneOfManyRacersCreates) {
  const Uri target = root_.Child("_delta_log/00000000000000000000.json");
  std::atomic<int> winners = 0;
  std::vector<std::thread> racers;
  for (int i = 0; i < 8; ++i) {
    racers.emplace_back([&, i] {
      if (files_.PutIfAbsent(target, Bytes(std::to_string(i))) == PutResult::kCreated) ++winners;
    });
  }
  for (std::thread& racer : racers) racer.join();
  EXPECT_EQ(winners, 1);
  EXPECT_EQ(List({}).size(), 1u);
}

TEST_F(LocalFileSystemTest, OutputAppearsAtCloseOrNever) {
  const Uri target = root_.Child("part.parquet");
  files_.Create(target)->Write(Bytes("lost"));
  EXPECT_TRUE(List({}).empty());
  auto output = files_.Create(target);
  output->Write(Bytes("first"));
  EXPECT_FALSE(files_.Stat(target));
  output->Close();
  EXPECT_EQ(files_.ReadAll(target), "first");
  files_.Put(target, Bytes("second"));
  EXPECT_EQ(files_.ReadAll(target), "second");
  EXPECT_EQ(List({}).size(), 1u);
}

TEST_F(LocalFileSystemTest, ErrorsNameThePath) {
  const Uri target = root_.Child("none");
  try {
    files_.Open(target, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.error_class(), error_class::kFailedReadFileNotExist);
    EXPECT_NE(error.message().find(target.path), std::string::npos);
  }
  files_.Put(target, Bytes("abc"));
  std::vector<uint8_t> buffer(4);
  EXPECT_THROW(files_.Open(target, {})->ReadAt(0, buffer), Error);
  files_.Delete({target, target});
  EXPECT_FALSE(files_.Stat(target));
}

TEST(TemporaryFileTest, FullDiskIsDiskFull) {
  try {
    ThrowErrno(ENOSPC, "write", "/a");
  } catch (const Error& error) {
    EXPECT_EQ(error.error_class(), error_class::kDiskFull);
  }
}

}  // namespace
}  // namespace quell::storage
