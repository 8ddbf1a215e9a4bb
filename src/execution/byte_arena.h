// Memory for many small rows that are freed together.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace quell::execution {

// Rows keep their addresses. Not thread-safe.
class ByteArena {
 public:
  // `bytes` may be 0.
  uint8_t* Allocate(size_t bytes) {
    if (used_ + bytes > block_size_ || blocks_.empty()) [[unlikely]]
      AddBlock(bytes);
    uint8_t* row = blocks_.back().get() + used_;
    used_ += bytes;
    return row;
  }
  int64_t memory_bytes() const { return memory_bytes_; }
  // What the last block has left.
  int64_t free_bytes() const { return static_cast<int64_t>(block_size_ - used_); }

 private:
  static constexpr size_t kFirstBlockBytes = size_t{8} << 10;
  static constexpr size_t kLargestBlockBytes = size_t{256} << 10;

  void AddBlock(size_t bytes) {
    block_size_ = std::max(bytes, std::clamp(block_size_ * 2, kFirstBlockBytes, kLargestBlockBytes));
    blocks_.push_back(std::make_unique_for_overwrite<uint8_t[]>(block_size_));
    memory_bytes_ += static_cast<int64_t>(block_size_);
    used_ = 0;
  }

  std::vector<std::unique_ptr<uint8_t[]>> blocks_;
  size_t block_size_ = 0;  // of the last block
  size_t used_ = 0;        // of the last block
  int64_t memory_bytes_ = 0;
};

}  // namespace quell::execution
