#include "storage/stream/chunk_stream.h"

#include <algorithm>
#include <cstring>

#include "base/error_classes.h"

namespace quell::storage {

ChunkStream::ChunkStream(std::shared_ptr<RandomAccessFile> file, int64_t begin, int64_t end, int64_t window_bytes,
                         std::shared_ptr<RangeReader> reader)
    : file_(std::move(file)),
      begin_(begin),
      end_(end),
      window_bytes_(window_bytes),
      reader_(std::move(reader)),
      position_(begin),
      window_begin_(begin),
      window_(std::make_shared<arrow::Buffer>(nullptr, 0)) {}

void ChunkStream::Seek(int64_t file_offset) {
  if (file_offset < begin_ || file_offset > end_) {
    throw Error(error_class::kFailedReadFile,
                "a page of '{}' lies outside of its column chunk; the page index is corrupt", file_->path());
  }
  position_ = file_offset;
}

void ChunkStream::StartFetch(int64_t offset) {
  if (!file_->is_remote() || offset >= end_) return;
  const int64_t count = std::min(window_bytes_, end_ - offset);
  next_begin_ = offset;
  next_ = reader_->Start(file_, offset, count);
}

void ChunkStream::Prefetch() {
  if (!next_.valid() && window_->size() == 0) StartFetch(position_);
}

int64_t ChunkStream::Require(int64_t count) {
  count = std::min(count, end_ - position_);
  const int64_t window_end = window_begin_ + window_->size();
  const bool is_inside = position_ >= window_begin_ && position_ <= window_end;
  if (is_inside && position_ + count <= window_end) return count;
  const int64_t kept = is_inside ? window_end - position_ : 0;
  const int64_t from = position_ + kept;

  BufferPtr fetched;
  if (next_.valid()) {
    fetched = next_.get();
    if (next_begin_ != from) fetched = nullptr;
  }
  const bool fetched_all = fetched && fetched->size() >= count - kept;
  if (kept == 0 && fetched_all) {
    window_ = std::move(fetched);
  } else {
    const int64_t fetched_bytes = fetched ? fetched->size() : 0;
    const int64_t size = std::min(std::max(window_bytes_, count), end_ - position_);
    const int64_t total = fetched_all ? kept + fetched_bytes : std::max(size, kept + fetched_bytes);
    // Pages that were handed out may still refer to the old window, so it is written again only when nobody does.
    BufferPtr joined;
    if (kept == 0 && window_.use_count() == 1 && window_->is_mutable() && window_->size() >= total) {
      joined = window_->size() == total ? window_ : arrow::SliceMutableBuffer(window_, 0, total);
    } else {
      joined = reader_->Allocate(total);
    }
    if (kept > 0) std::memcpy(joined->mutable_data(), window_->data() + (position_ - window_begin_), kept);
    if (fetched) std::memcpy(joined->mutable_data() + kept, fetched->data(), fetched_bytes);
    const int64_t read = kept + fetched_bytes;
    if (total > read) {
      file_->ReadAt(position_ + read, {joined->mutable_data() + read, static_cast<size_t>(total - read)});
    }
    window_ = std::move(joined);
  }
  window_begin_ = position_;
  StartFetch(window_begin_ + window_->size());
  return count;
}

arrow::Result<std::shared_ptr<arrow::Buffer>> ChunkStream::Read(int64_t count) {
  const int64_t there = Require(count);
  BufferPtr bytes = arrow::SliceBuffer(window_, position_ - window_begin_, there);
  position_ += there;
  return bytes;
}

arrow::Result<int64_t> ChunkStream::Read(int64_t count, void* out) {
  const int64_t there = Require(count);
  if (there > 0) std::memcpy(out, window_->data() + (position_ - window_begin_), there);
  position_ += there;
  return there;
}

arrow::Result<std::string_view> ChunkStream::Peek(int64_t count) {
  const int64_t there = Require(count);
  return std::string_view(reinterpret_cast<const char*>(window_->data()) + (position_ - window_begin_), there);
}

}  // namespace quell::storage
