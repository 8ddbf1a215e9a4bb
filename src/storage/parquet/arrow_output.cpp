#include "storage/parquet/arrow_output.h"

namespace quell::storage {

namespace {

class ArrowOutput final : public arrow::io::OutputStream {
 public:
  explicit ArrowOutput(OutputFile* file) : file_(file) {}

  arrow::Status Write(const void* data, int64_t size_bytes) override {
    file_->Write({static_cast<const uint8_t*>(data), static_cast<size_t>(size_bytes)});
    return arrow::Status::OK();
  }
  arrow::Result<int64_t> Tell() const override { return file_->bytes_written(); }
  arrow::Status Close() override {
    is_closed_ = true;
    return arrow::Status::OK();
  }
  bool closed() const override { return is_closed_; }

 private:
  OutputFile* const file_;
  bool is_closed_ = false;
};

}  // namespace

std::shared_ptr<arrow::io::OutputStream> MakeArrowOutput(OutputFile* file) {
  return std::make_shared<ArrowOutput>(file);
}

}  // namespace quell::storage
