#include "result_decoder.h"

#include <arrow/buffer.h>
#include <arrow/record_batch.h>

#include "base/arrow_result.h"
#include "base/error_classes.h"

namespace quell::cli::remote {

ResultDecoder::ResultDecoder(ResultConsumer& consumer)
    : consumer_(consumer), decoded_(std::make_shared<arrow::ipc::CollectListener>()), decoder_(decoded_) {}

void ResultDecoder::Take(std::string piece) {
  constexpr const char* kWhat = "read the rows that Spark sent";
  Unwrap(decoder_.Consume(arrow::Buffer::FromString(std::move(piece))), error_class::kInternalError, kWhat);
  if (!has_begun_ && decoded_->schema()) {
    schema_ = FromArrowSchema(*decoded_->schema());
    consumer_.Begin(schema_);
    has_begun_ = true;
  }
  while (decoded_->num_record_batches() > 0) {
    const std::shared_ptr<arrow::RecordBatch> rows = decoded_->PopRecordBatch();
    Batch batch;
    batch.num_rows = rows->num_rows();
    for (int i = 0; i < rows->num_columns(); ++i) {
      batch.columns.push_back(FromArrow(rows->column_data(i), schema_.field(i).type));
    }
    num_rows_ += batch.num_rows;
    consumer_.Consume(batch);
  }
}

void ResultDecoder::Finish() {
  if (!has_begun_) consumer_.Begin(Schema());
}

}  // namespace quell::cli::remote
