// Reads a table's Parquet files, row group by row group.
#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "catalog/table.h"
#include "execution/operators/scan/scan_request.h"
#include "execution/physical/node.h"
#include "execution/pipeline.h"
#include "execution/resources.h"
#include "storage/parquet/row_group_scan.h"

namespace quell::execution {

// A row group, or a part of it, that one thread scans.
struct ScanMorsel {
  storage::ParquetFilePtr file;
  int row_group = 0;
  storage::RowRange rows;
  std::shared_ptr<const storage::ScanSpec> spec;
  std::shared_ptr<const catalog::DeletedRows> deleted_rows;
};

// Hands out the morsels of all files, in order. A thread that finds none left opens the next file. Thread-safe.
class ScanState final : public SharedSource, public std::enable_shared_from_this<ScanState> {
 public:
  // Asks the table which files are to be read; opens the first if it is the only one.
  ScanState(std::shared_ptr<const ScanNode> node, ResourcesPtr resources, OperatorCountersPtr counters);

  int max_threads() const override;
  std::unique_ptr<Source> MakeSource() override;

  const Resources& resources() const { return *resources_; }
  OperatorCounters& counters() const { return *counters_; }
  std::optional<ScanMorsel> TakeMorsel();

 private:
  storage::ScanColumn ColumnFor(size_t index, const catalog::DataFile& file) const;
  std::shared_ptr<const storage::ScanSpec> SpecFor(const catalog::DataFile& file) const;
  std::vector<ScanMorsel> OpenFile(const catalog::DataFile& file);
  storage::FileSystem& FileSystemFor(const storage::Uri& uri);

  const std::shared_ptr<const ScanNode> node_;
  const ResourcesPtr resources_;
  const OperatorCountersPtr counters_;
  const CountsForStatement counts_for_statement_;
  std::vector<catalog::DataFile> files_;
  std::mutex mutex_;
  const std::shared_ptr<storage::RangeReader> reader_ = std::make_shared<storage::RangeReader>();
  std::map<std::pair<std::string, std::string>, storage::FileSystemPtr> file_systems_;  // by scheme and bucket
  size_t next_file_ = 0;
  std::deque<ScanMorsel> morsels_;
};

}  // namespace quell::execution
