// Rows that come as an Arrow IPC stream, for a consumer of results.
#pragma once

#include <memory>
#include <string>

#include <arrow/ipc/reader.h>

#include "session/session.h"

namespace quell::cli::remote {

// Not thread-safe.
class ResultDecoder {
 public:
  explicit ResultDecoder(ResultConsumer& consumer);

  // Takes the next piece of the stream and hands on the rows that are whole. Throws UNSUPPORTED_DATATYPE for a column
  // of a type that Quell does not have.
  void Take(std::string piece);
  // A result without columns has no stream.
  void Finish();
  int64_t num_rows() const { return num_rows_; }

 private:
  ResultConsumer& consumer_;
  Schema schema_;
  bool has_begun_ = false;
  int64_t num_rows_ = 0;
  const std::shared_ptr<arrow::ipc::CollectListener> decoded_;
  arrow::ipc::StreamDecoder decoder_;
};

}  // namespace quell::cli::remote
