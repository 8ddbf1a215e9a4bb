// A new file of ours as Arrow's writers want it.
#pragma once

#include <cstdint>
#include <memory>

#include <arrow/io/interfaces.h>

#include "storage/file_system.h"

namespace quell::storage {

// Closing the stream does not close the file: the caller does so once all is written. Errors of the file pass through
// as the Error that they are, but only the first: Arrow's destructors write what they still hold, and an exception
// there would end the process. So what comes after an error, or after Abandon, is dropped. Not thread-safe.
class ArrowOutput final : public arrow::io::OutputStream {
 public:
  explicit ArrowOutput(std::shared_ptr<OutputFile> file) : file_(std::move(file)) {}

  // The file will not be closed, so nothing more needs to reach it. Called before Arrow's writers are destroyed early.
  void Abandon() { is_abandoned_ = true; }

  arrow::Status Write(const void* data, int64_t size_bytes) override;
  arrow::Result<int64_t> Tell() const override { return file_->bytes_written(); }
  arrow::Status Close() override;
  bool closed() const override { return is_closed_; }

 private:
  const std::shared_ptr<OutputFile> file_;
  bool is_abandoned_ = false;
  bool is_closed_ = false;
};

}  // namespace quell::storage
