// A range of a file as a stream: a column chunk for libparquet's page reader, or the whole of a file of text.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include <arrow/buffer.h>
#include <arrow/io/interfaces.h>

#include "storage/file_system.h"
#include "storage/stream/range_reader.h"

namespace quell::storage {

// Reads windows of `window_bytes`, never the whole range at once; what lies within a window is handed out without a
// copy. On remote files the next window is read ahead while this one is decoded. Buffers that were handed out stay
// valid. Throws Error where Arrow's contract has a Status. Not thread-safe.
class ChunkStream final : public arrow::io::InputStream {
 public:
  // The range must lie within the file.
  ChunkStream(std::shared_ptr<RandomAccessFile> file, int64_t begin, int64_t end, int64_t window_bytes,
              std::shared_ptr<RangeReader> reader);

  // Continues at this offset of the file, which is that of a page; throws FAILED_READ_FILE outside of the range.
  void Seek(int64_t file_offset);
  // Begins to fetch the first window, on remote files.
  void Prefetch();

  arrow::Result<std::shared_ptr<arrow::Buffer>> Read(int64_t count) override;
  arrow::Result<int64_t> Read(int64_t count, void* out) override;
  arrow::Result<std::string_view> Peek(int64_t count) override;
  arrow::Result<int64_t> Tell() const override { return position_ - begin_; }
  arrow::Status Close() override { return arrow::Status::OK(); }
  bool closed() const override { return false; }

 private:
  using BufferPtr = RangeReader::BufferPtr;

  // Makes the window hold [position_, position_ + count), cut at the end of the range; returns what of it there is.
  int64_t Require(int64_t count);
  void StartFetch(int64_t offset);

  const std::shared_ptr<RandomAccessFile> file_;
  const int64_t begin_;
  const int64_t end_;
  const int64_t window_bytes_;
  const std::shared_ptr<RangeReader> reader_;
  int64_t position_;
  int64_t window_begin_;
  BufferPtr window_;
  int64_t next_begin_ = -1;
  RangeReader::Range next_;
};

}  // namespace quell::storage
