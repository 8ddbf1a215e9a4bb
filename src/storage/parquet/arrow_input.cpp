#include "storage/parquet/arrow_input.h"

#include <algorithm>

#include "base/arrow_result.h"
#include "base/error_classes.h"
#include "base/memory_pool.h"

namespace quell::storage {

namespace {

class ArrowInput final : public arrow::io::RandomAccessFile {
 public:
  explicit ArrowInput(std::shared_ptr<storage::RandomAccessFile> file) : file_(std::move(file)) {}

  arrow::Result<int64_t> GetSize() override { return file_->size_bytes(); }
  arrow::Result<int64_t> Tell() const override { return position_; }
  arrow::Status Seek(int64_t position) override {
    position_ = position;
    return arrow::Status::OK();
  }
  arrow::Status Close() override { return arrow::Status::OK(); }
  bool closed() const override { return false; }

  arrow::Result<int64_t> ReadAt(int64_t offset, int64_t count, void* out) override {
    count = Available(offset, count);
    if (count > 0) file_->ReadAt(offset, {static_cast<uint8_t*>(out), static_cast<size_t>(count)});
    return count;
  }
  arrow::Result<std::shared_ptr<arrow::Buffer>> ReadAt(int64_t offset, int64_t count) override {
    count = Available(offset, count);
    ARROW_ASSIGN_OR_RAISE(std::shared_ptr<arrow::Buffer> buffer, arrow::AllocateBuffer(count, EnginePool()));
    if (count > 0) file_->ReadAt(offset, {buffer->mutable_data(), static_cast<size_t>(count)});
    return buffer;
  }
  arrow::Result<int64_t> Read(int64_t count, void* out) override {
    ARROW_ASSIGN_OR_RAISE(const int64_t read, ReadAt(position_, count, out));
    position_ += read;
    return read;
  }
  arrow::Result<std::shared_ptr<arrow::Buffer>> Read(int64_t count) override {
    ARROW_ASSIGN_OR_RAISE(auto buffer, ReadAt(position_, count));
    position_ += buffer->size();
    return buffer;
  }

 private:
  // A damaged footer may point anywhere.
  int64_t Available(int64_t offset, int64_t count) const {
    if (offset < 0) return 0;
    return std::clamp<int64_t>(file_->size_bytes() - offset, 0, std::max<int64_t>(count, 0));
  }

  const std::shared_ptr<storage::RandomAccessFile> file_;
  int64_t position_ = 0;
};

}  // namespace

std::shared_ptr<arrow::io::RandomAccessFile> MakeArrowInput(std::shared_ptr<RandomAccessFile> file) {
  return std::make_shared<ArrowInput>(std::move(file));
}

}  // namespace quell::storage
