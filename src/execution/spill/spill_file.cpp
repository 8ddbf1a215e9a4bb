#include "execution/spill/spill_file.h"

#include <arrow/array.h>
#include <arrow/io/memory.h>
#include <arrow/ipc/dictionary.h>
#include <arrow/ipc/options.h>
#include <arrow/ipc/reader.h>
#include <arrow/ipc/writer.h>
#include <arrow/record_batch.h>
#include <arrow/util/compression.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "base/arrow_result.h"
#include "base/error_classes.h"
#include "base/memory_pool.h"
#include "data/buffers.h"
#include "storage/temporary_file.h"

namespace quell::execution {
namespace {

// Kernels work on our memory directly, and expect it aligned.
constexpr int64_t kAlignment = 64;
constexpr int64_t kMinHoleBytes = 64 << 10;

// A new file without a name in `directory`; -1 and errno on failure.
int OpenUnnamed(const std::string& directory) {
  const int fd = open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)) return fd;
  // The file system cannot do that: a name that is gone at once.
  std::string path = directory + "/quell-spill-XXXXXX";
  const int named = mkostemp(path.data(), O_CLOEXEC);
  if (named >= 0) unlink(path.c_str());
  return named;
}

const arrow::ipc::IpcWriteOptions& WriteOptions() {
  static const arrow::ipc::IpcWriteOptions options = [] {
    arrow::ipc::IpcWriteOptions lz4 = arrow::ipc::IpcWriteOptions::Defaults();
    lz4.codec =
        Unwrap(arrow::util::Codec::Create(arrow::Compression::LZ4_FRAME), error_class::kInternalError, "make LZ4");
    lz4.use_threads = false;
    lz4.memory_pool = EnginePool();
    lz4.alignment = kAlignment;
    return lz4;
  }();
  return options;
}

}  // namespace

SpillFile::SpillFile(Schema schema, std::shared_ptr<SpillSpace> space, OperatorCountersPtr counters)
    : schema_(std::move(schema)),
      arrow_schema_(ToArrowSchema(schema_)),
      space_(std::move(space)),
      counters_(std::move(counters)) {}

SpillFile::~SpillFile() {
  if (fd_ >= 0) close(fd_);
  space_->Give(held_bytes_);
}

void SpillFile::Open() {
  std::error_code ignored;  // The open below tells what is wrong.
  std::filesystem::create_directories(space_->directory(), ignored);
  fd_ = OpenUnnamed(space_->directory());
  if (fd_ < 0) storage::ThrowErrno(errno, "make a spill file in", space_->directory());
}

SpillBlock SpillFile::Append(const Batch& batch) {
  const Batch compact = Compact(batch);
  arrow::ArrayVector arrays;
  for (const Column& column : compact.columns) {
    arrays.push_back(arrow::MakeArray(Flatten(column, compact.num_rows).data));
  }
  const auto record_batch = arrow::RecordBatch::Make(arrow_schema_, compact.num_rows, std::move(arrays));
  const std::shared_ptr<arrow::Buffer> message = Unwrap(arrow::ipc::SerializeRecordBatch(*record_batch, WriteOptions()),
                                                        error_class::kOutOfMemory, "spill a batch");
  space_->Take(message->size());
  held_bytes_ += message->size();
  if (fd_ < 0) Open();
  const SpillBlock block{size_bytes_, message->size(), compact.num_rows, compact.memory_bytes()};
  Write(message->data(), message->size());
  counters_->spilled_bytes.Add(message->size());
  return block;
}

void SpillFile::Write(const uint8_t* data, int64_t size_bytes) {
  while (size_bytes > 0) {
    const ssize_t written = pwrite(fd_, data, static_cast<size_t>(size_bytes), size_bytes_);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) storage::ThrowErrno(errno, "spill to", space_->directory());
    data += written;
    size_bytes -= written;
    size_bytes_ += written;
  }
}

Batch SpillFile::Read(const SpillBlock& block) const {
  const BufferPtr buffer = AllocateBytes(block.size_bytes);
  for (int64_t done = 0; done < block.size_bytes;) {
    const ssize_t got =
        pread(fd_, buffer->mutable_data() + done, static_cast<size_t>(block.size_bytes - done), block.offset + done);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) storage::ThrowErrno(got < 0 ? errno : EIO, "read a spill file in", space_->directory());
    done += got;
  }
  arrow::io::BufferReader reader(buffer);
  arrow::ipc::DictionaryMemo no_dictionaries;
  arrow::ipc::IpcReadOptions options = arrow::ipc::IpcReadOptions::Defaults();
  options.memory_pool = EnginePool();
  options.use_threads = false;
  const auto record_batch = Unwrap(arrow::ipc::ReadRecordBatch(arrow_schema_, &no_dictionaries, options, &reader),
                                   error_class::kInternalError, "read a spilled batch");
  Batch batch;
  batch.num_rows = record_batch->num_rows();
  for (int i = 0; i < record_batch->num_columns(); ++i) {
    batch.columns.push_back(Column{schema_.field(i).type, Encoding::kFlat, record_batch->column_data(i)});
  }
  return batch;
}

void SpillFile::Release(const SpillBlock& block) {
  // Small holes cost more than they give. Where the file system cannot punch any, the space is free when the file is
  // closed.
  if (block.size_bytes >= kMinHoleBytes)
    fallocate(fd_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, block.offset, block.size_bytes);
  space_->Give(block.size_bytes);
  held_bytes_ -= block.size_bytes;
}

}  // namespace quell::execution
