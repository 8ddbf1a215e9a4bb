// Memory for what is read from files, used again and again.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include <arrow/buffer.h>

namespace quell::storage {

// Large buffers that are given back to the system come back from it with every page cleared anew, which costs as much
// as filling them. So the scans of a table share some. Thread-safe; owned by a shared_ptr, which buffers may outlive.
class ReadBuffers : public std::enable_shared_from_this<ReadBuffers> {
 public:
  // A mutable buffer of `bytes`, with any content. Its memory is used again when nobody refers to it any more.
  std::shared_ptr<arrow::Buffer> Take(int64_t bytes);

 private:
  void GiveBack(std::unique_ptr<arrow::Buffer> memory);

  std::mutex mutex_;
  std::vector<std::unique_ptr<arrow::Buffer>> free_;
  int64_t free_bytes_ = 0;
};

}  // namespace quell::storage
