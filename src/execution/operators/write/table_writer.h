// Writes the rows of one thread to data files of a table, partition by partition.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/memory_budget.h"
#include "catalog/table.h"
#include "execution/operators/aggregate/group_table.h"
#include "execution/resources.h"
#include "storage/parquet/parquet_writer.h"

namespace quell::execution {

// What all threads of a write have in common. Immutable but for `write`, whose functions say what is thread-safe.
struct WritePlan {
  WritePlan(std::shared_ptr<catalog::TableWrite> table_write, ResourcesPtr shared_resources);

  const std::shared_ptr<catalog::TableWrite> write;
  const ResourcesPtr resources;
  std::vector<int> partition_columns;  // positions in the input
  std::vector<int> file_columns;       // the others, which are in the files
  Schema file_schema;
  storage::ParquetWriterOptions file_options;
  int64_t max_pending_bytes = 0;  // that a thread keeps before it opens a file
  size_t max_open_files = 0;      // of a thread
};
using WritePlanPtr = std::shared_ptr<const WritePlan>;

// Rows of one partition that are not in a file yet: columns of the files only.
struct PendingRows {
  std::map<std::string, Value> partition;
  std::vector<Batch> batches;
  int64_t bytes = 0;
};

// Rows are kept until there are enough for a file, so that little data does not become many files. Not thread-safe.
class TableWriter {
 public:
  explicit TableWriter(WritePlanPtr plan);

  void Write(const Batch& input);
  // Takes in what other writers had left.
  void WritePending(PendingRows rows);
  // Ends all files that were begun, with what is pending for them; the rest is left to TakePending.
  void EndOpenFiles();
  std::vector<PendingRows> TakePending();
  // Ends everything in files.
  void EndAll();

  int64_t rows_written() const { return rows_written_; }
  int64_t peak_memory_bytes() const { return reservation_.peak_bytes(); }

 private:
  struct Partition {
    PendingRows pending;
    std::string path;  // of the open file, below the table's folder
    std::unique_ptr<storage::ParquetWriter> file = nullptr;
  };

  void Add(Partition* partition, Batch rows);
  Partition& PartitionOf(const Batch& input, uint32_t group, int64_t row);
  // Moves what is pending into the partition's file, which it opens or, when it is large enough, ends.
  void Flush(Partition* partition);
  void Open(Partition* partition);
  void End(Partition* partition);
  void LimitOpenFiles();
  void LimitMemory();

  const WritePlanPtr plan_;
  MemoryReservation reservation_;
  GroupTable partition_numbers_;
  std::vector<std::unique_ptr<Partition>> partitions_;  // by number
  int64_t pending_bytes_ = 0;
  int64_t rows_written_ = 0;
};

}  // namespace quell::execution
