// Reads ranges of files ahead of time, by threads and into memory that are used again: by all scans of a table, or for
// one file of text.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <arrow/buffer.h>

#include "storage/file_system.h"
#include "storage/stream/read_buffers.h"

namespace quell::storage {

// Thread-safe. It has no thread before the first Start(), and then as many as there were ranges on the way at once, up
// to a limit: those beyond it wait for their turn. Its threads end with it. Where the system has no thread for it, it
// reads at once, in the thread that asks.
class RangeReader {
 public:
  using BufferPtr = std::shared_ptr<arrow::Buffer>;

  // A range that is being read. Destroyed before its turn has come, it is not read at all.
  class Range {
   public:
    Range() = default;
    bool valid() const { return bytes_.valid(); }
    // Waits for it; once. Throws what RandomAccessFile::ReadAt does.
    BufferPtr get() { return bytes_.get(); }

   private:
    friend class RangeReader;
    std::future<BufferPtr> bytes_;
    std::shared_ptr<const bool> wanted_;
  };

  RangeReader() = default;
  // Ranges that wait for their turn are dropped; those on the way are read to their end, which a CancelToken hastens.
  ~RangeReader();
  RangeReader(const RangeReader&) = delete;
  RangeReader& operator=(const RangeReader&) = delete;

  // A mutable buffer with any content.
  BufferPtr Allocate(int64_t bytes) { return buffers_->Take(bytes); }
  // Begins to read [offset, offset + bytes) of a file.
  Range Start(std::shared_ptr<RandomAccessFile> file, int64_t offset, int64_t bytes);

 private:
  using Task = std::packaged_task<BufferPtr()>;

  void Work();

  const std::shared_ptr<ReadBuffers> buffers_ = std::make_shared<ReadBuffers>();
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> tasks_;
  size_t num_idle_ = 0;
  bool is_ending_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace quell::storage
