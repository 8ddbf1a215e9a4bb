// Reads a table's CSV or JSON files, a file a thread.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "catalog/table.h"
#include "execution/operators/scan/scan_request.h"
#include "execution/physical/node.h"
#include "execution/pipeline.h"
#include "execution/resources.h"
#include "storage/text/batch_reader.h"

namespace quell::execution {

// Hands out the files. Thread-safe.
class TextScanState final : public SharedSource, public std::enable_shared_from_this<TextScanState> {
 public:
  TextScanState(std::shared_ptr<const ScanNode> node, ResourcesPtr resources, OperatorCountersPtr counters);

  int max_threads() const override { return static_cast<int>(files_.size()); }
  std::unique_ptr<Source> MakeSource() override;

  // A file as it is opened, and the columns of the scan that are not in it.
  struct OpenedFile {
    std::string path;
    std::unique_ptr<storage::BatchReader> reader;
    std::vector<int> slots;       // of the reader's columns, in the scan's output
    std::vector<Column> columns;  // of the output: constants where the reader has none
  };
  std::optional<OpenedFile> OpenNext();
  const ScanNode& node() const { return *node_; }
  const Resources& resources() const { return *resources_; }
  OperatorCounters& counters() const { return *counters_; }

 private:
  const std::shared_ptr<const ScanNode> node_;
  const ResourcesPtr resources_;
  const OperatorCountersPtr counters_;
  const CountsForStatement counts_for_statement_;
  std::vector<catalog::DataFile> files_;
  std::mutex mutex_;
  size_t next_file_ = 0;
};

}  // namespace quell::execution
