// An Arrow IPC stream. Short decimals go out as decimal128, which every reader knows.
#include <arrow/io/interfaces.h>
#include <arrow/ipc/writer.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include "base/arrow_result.h"
#include "base/error_classes.h"
#include "data/record_batch.h"
#include "formats.h"

namespace quell::cli::output {
namespace {

// stdio as an Arrow stream.
class FileStream final : public arrow::io::OutputStream {
 public:
  explicit FileStream(std::FILE* file) : file_(file) {}
  arrow::Status Write(const void* data, int64_t bytes) override {
    WriteText(file_, std::string(static_cast<const char*>(data), static_cast<size_t>(bytes)));
    position_ += bytes;
    return arrow::Status::OK();
  }
  arrow::Result<int64_t> Tell() const override { return position_; }
  arrow::Status Flush() override {
    return std::fflush(file_) == 0 ? arrow::Status::OK() : arrow::Status::IOError("flush");
  }
  arrow::Status Close() override {
    is_closed_ = true;
    return Flush();
  }
  bool closed() const override { return is_closed_; }

 private:
  std::FILE* file_;
  int64_t position_ = 0;
  bool is_closed_ = false;
};

class ArrowOutput final : public Output {
 public:
  explicit ArrowOutput(std::FILE* file) : stream_(file) {}

  void Begin(const Schema& schema) override {
    schema_ = schema;
    writer_ = Unwrap(arrow::ipc::MakeStreamWriter(&stream_, ToExchangeSchema(schema)), error_class::kFailedWriteFile,
                     "write the result");
  }

  void Consume(const Batch& batch) override {
    Unwrap(writer_->WriteRecordBatch(*ToRecordBatch(batch, schema_)), error_class::kFailedWriteFile,
           "write the result");
  }

  void Finish() override {
    Unwrap(writer_->Close(), error_class::kFailedWriteFile, "write the result");
    Unwrap(stream_.Close(), error_class::kFailedWriteFile, "write the result");
  }

 private:
  FileStream stream_;
  Schema schema_;
  std::shared_ptr<arrow::ipc::RecordBatchWriter> writer_;
};

}  // namespace

std::unique_ptr<Output> MakeArrowOutput(std::FILE* file) { return std::make_unique<ArrowOutput>(file); }

}  // namespace quell::cli::output
