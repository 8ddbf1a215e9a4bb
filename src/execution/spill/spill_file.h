// A file of batches that do not fit in memory.
#pragma once

#include <cstdint>
#include <memory>

#include "data/column.h"
#include "data/schema.h"
#include "execution/operator_counters.h"
#include "execution/spill/spill_space.h"

namespace arrow {
class Schema;
}

namespace quell::execution {

// Where a batch stands in a spill file.
struct SpillBlock {
  int64_t offset = 0;
  int64_t size_bytes = 0;
  int64_t num_rows = 0;
  int64_t memory_bytes = 0;  // of the batch, when it is read back
};

// Batches as Arrow IPC messages, compressed with LZ4. The file has no name, so that it vanishes even on a crash. One
// thread appends; any may read what was appended.
class SpillFile {
 public:
  // The file is made at the first Append.
  SpillFile(Schema schema, std::shared_ptr<SpillSpace> space, OperatorCountersPtr counters);
  ~SpillFile();
  SpillFile(const SpillFile&) = delete;
  SpillFile& operator=(const SpillFile&) = delete;

  // Writes the selected rows. Throws SPILL_LIMIT_EXCEEDED or DISK_FULL.
  SpillBlock Append(const Batch& batch);
  Batch Read(const SpillBlock& block) const;
  // Gives the disk space of a block back; it is not read again.
  void Release(const SpillBlock& block);

 private:
  void Open();
  void Write(const uint8_t* data, int64_t size_bytes);

  const Schema schema_;
  const std::shared_ptr<arrow::Schema> arrow_schema_;
  const std::shared_ptr<SpillSpace> space_;
  const OperatorCountersPtr counters_;
  int fd_ = -1;
  int64_t size_bytes_ = 0;
  std::atomic<int64_t> held_bytes_{0};  // of the spill space
};

}  // namespace quell::execution
