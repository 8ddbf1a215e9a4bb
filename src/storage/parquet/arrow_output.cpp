#include "storage/parquet/arrow_output.h"

namespace quell::storage {

arrow::Status ArrowOutput::Write(const void* data, int64_t size_bytes) {
  if (is_abandoned_) return arrow::Status::OK();
  is_abandoned_ = true;
  file_->Write({static_cast<const uint8_t*>(data), static_cast<size_t>(size_bytes)});
  is_abandoned_ = false;
  return arrow::Status::OK();
}

arrow::Status ArrowOutput::Close() {
  is_closed_ = true;
  return arrow::Status::OK();
}

}  // namespace quell::storage
