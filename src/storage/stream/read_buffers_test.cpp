#include "storage/stream/read_buffers.h"

#include <gtest/gtest.h>

namespace quell::storage {
namespace {

TEST(ReadBuffersTest, UsesMemoryAgainOnceNobodyRefersToIt) {
  const auto buffers = std::make_shared<ReadBuffers>();
  std::shared_ptr<arrow::Buffer> first = buffers->Take(1'000'000);
  const uint8_t* const memory = first->data();
  EXPECT_EQ(first->size(), 1'000'000);
  const std::shared_ptr<arrow::Buffer> part = arrow::SliceBuffer(first, 10, 20);
  first.reset();
  EXPECT_NE(buffers->Take(1'000'000)->data(), memory) << "a part of it is still in use";
}

TEST(ReadBuffersTest, GivesMemoryOfAboutTheSameSize) {
  const auto buffers = std::make_shared<ReadBuffers>();
  const uint8_t* const memory = buffers->Take(1'000'000)->data();
  EXPECT_EQ(buffers->Take(1'020'000)->data(), memory);
  EXPECT_NE(buffers->Take(100)->data(), memory);
  EXPECT_NE(buffers->Take(8'000'000)->data(), memory);
}

TEST(ReadBuffersTest, MayGoBeforeItsBuffers) {
  auto buffers = std::make_shared<ReadBuffers>();
  const std::shared_ptr<arrow::Buffer> buffer = buffers->Take(100);
  buffers.reset();
  buffer->mutable_data()[99] = 1;
  EXPECT_EQ(buffer->data()[99], 1);
}

}  // namespace
}  // namespace quell::storage
