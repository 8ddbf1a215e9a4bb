#include "delta/checkpoint/write_checkpoint.h"

#include <chrono>

#include <parquet/arrow/writer.h>
#include <parquet/exception.h>
#include <parquet/properties.h>

#include "base/arrow_result.h"
#include "base/error_classes.h"
#include "base/fault_point.h"
#include "base/memory_pool.h"
#include "delta/checkpoint/action_batch.h"
#include "delta/log/last_checkpoint.h"
#include "delta/spec/table_properties.h"
#include "storage/parquet/arrow_output.h"

namespace quell::delta {

namespace {

constexpr int64_t kBatchRows = 4096;
constexpr int64_t kRowGroupRows = 64 * 1024;

// Writes rows as they come, a row group at a time.
class CheckpointWriter {
 public:
  CheckpointWriter(std::shared_ptr<storage::OutputFile> file, std::string what)
      : what_(std::move(what)), output_(std::make_shared<storage::ArrowOutput>(std::move(file))) {
    const auto properties = parquet::WriterProperties::Builder()
                                .memory_pool(quell::EnginePool())
                                ->compression(parquet::Compression::SNAPPY)
                                ->max_row_group_length(kRowGroupRows)
                                ->build();
    writer_ = Unwrap(parquet::arrow::FileWriter::Open(*CheckpointSchema(), quell::EnginePool(), output_, properties),
                     quell::error_class::kFailedWriteFile, what_);
  }

  ~CheckpointWriter() { output_->Abandon(); }

  void Write(const Action& action) {
    rows_.Append(action);
    ++num_actions_;
    num_add_files_ += std::holds_alternative<AddFile>(action);
    if (rows_.num_rows() == kBatchRows) Flush();
  }
  void Close() {
    Flush();
    Unwrap(writer_->Close(), quell::error_class::kFailedWriteFile, what_);
  }
  int64_t num_actions() const { return num_actions_; }
  int64_t num_add_files() const { return num_add_files_; }

 private:
  void Flush() {
    if (rows_.num_rows() == 0) return;
    Unwrap(writer_->WriteRecordBatch(*rows_.Finish()), quell::error_class::kFailedWriteFile, what_);
  }

  const std::string what_;
  const std::shared_ptr<storage::ArrowOutput> output_;
  std::unique_ptr<parquet::arrow::FileWriter> writer_;
  ActionBatchBuilder rows_;
  int64_t num_actions_ = 0;
  int64_t num_add_files_ = 0;
};

}  // namespace

void WriteCheckpoint(const Snapshot& snapshot) {
  const int64_t now_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count();
  const int64_t oldest_tombstone_ms = now_ms - DeletedFileRetentionMs(snapshot.metadata());
  const storage::Uri uri = ClassicCheckpointUri(snapshot.table(), snapshot.version());
  const std::shared_ptr<storage::OutputFile> file = snapshot.files()->Create(uri);
  CheckpointWriter writer(file, "write the checkpoint " + uri.ToString());
  writer.Write(snapshot.protocol());
  writer.Write(snapshot.metadata());
  for (const auto& [app_id, transaction] : snapshot.transactions()) writer.Write(transaction);
  for (const auto& [name, domain] : snapshot.domains()) {
    if (!domain.removed) writer.Write(domain);
  }
  snapshot.VisitFileActions([&](Action&& action) {
    const auto* remove = std::get_if<RemoveFile>(&action);
    const bool is_expired = remove && remove->deletion_timestamp_ms.value_or(0) <= oldest_tombstone_ms;
    if (!is_expired) writer.Write(action);
    return true;
  });
  writer.Close();
  FaultPoint("delta.before_checkpoint_close");
  file->Close();
  FaultPoint("delta.before_last_checkpoint");
  WriteLastCheckpoint(*snapshot.files(), snapshot.table(),
                      {snapshot.version(), writer.num_actions(), file->bytes_written(), writer.num_add_files()});
}

}  // namespace quell::delta
