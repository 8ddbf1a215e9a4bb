#include "execution/operators/scan/text_scan.h"

#include <utility>

#include "expression/evaluator.h"
#include "storage/csv/csv_file.h"
#include "storage/json/json_file.h"

namespace quell::execution {
namespace {

class TextSource final : public Source {
 public:
  explicit TextSource(std::shared_ptr<TextScanState> state)
      : state_(std::move(state)), reservation_(state_->resources().context.memory, "scan") {
    for (const ExprPtr& filter : state_->node().filters) filters_.emplace_back(filter);
  }

  ~TextSource() override { state_->counters().peak_memory_bytes.Add(reservation_.peak_bytes()); }

  std::optional<Batch> Next() override {
    while (true) {
      state_->resources().context.cancel->ThrowIfCancelled();
      if (!file_ && !(file_ = state_->OpenNext())) return std::nullopt;
      std::optional<Batch> rows = file_->reader->Next();
      // A long row cannot be spilled: it is counted, so that others spill.
      reservation_.ForceResize(file_->reader->memory_bytes());
      if (!rows) {
        file_.reset();
        continue;
      }
      state_->counters().scan.rows_read.Add(rows->num_rows);
      Batch batch{file_->columns, rows->num_rows, nullptr};
      for (size_t i = 0; i < file_->slots.size(); ++i) batch.columns[file_->slots[i]] = std::move(rows->columns[i]);
      for (Evaluator& filter : filters_) {
        if (batch.num_selected() > 0) batch.selection = filter.Filter(batch);
      }
      return batch;
    }
  }

  std::string place() const override { return file_ ? "file '" + file_->path + "'" : std::string(); }

 private:
  const std::shared_ptr<TextScanState> state_;
  MemoryReservation reservation_;
  std::vector<Evaluator> filters_;
  std::optional<TextScanState::OpenedFile> file_;
};

}  // namespace

TextScanState::TextScanState(std::shared_ptr<const ScanNode> node, ResourcesPtr resources, OperatorCountersPtr counters)
    : node_(std::move(node)),
      resources_(std::move(resources)),
      counters_(std::move(counters)),
      counts_for_statement_(*resources_, counters_) {
  catalog::ScanFiles scan = node_->table->PlanScan(RequestOf(*node_));
  counters_->scan.files_pruned.Add(scan.files_pruned);
  files_ = std::move(scan.files);
}

std::unique_ptr<Source> TextScanState::MakeSource() { return std::make_unique<TextSource>(shared_from_this()); }

std::optional<TextScanState::OpenedFile> TextScanState::OpenNext() {
  std::unique_lock lock(mutex_);
  if (next_file_ == files_.size()) return std::nullopt;
  const catalog::DataFile& file = files_[next_file_++];
  lock.unlock();
  const catalog::Table& table = *node_->table;
  OpenedFile opened;
  opened.path = file.uri.ToString();
  opened.columns.resize(node_->columns.size());
  std::vector<int> in_file;
  for (size_t i = 0; i < node_->columns.size(); ++i) {
    const int position = node_->columns[i];
    if (const auto constant = file.constants.find(position); constant != file.constants.end()) {
      opened.columns[i] = MakeConstant(table.schema().field(position).type, constant->second);
    } else {
      opened.slots.push_back(static_cast<int>(i));
      in_file.push_back(position);
    }
  }
  // Partition columns stand behind those of the files, so positions in the table are positions in the file.
  const storage::FileSystemPtr files = storage::MakeFileSystem(file.uri, CountedStorage(*resources_, *counters_));
  counters_->scan.files_read.Add(1);
  const bool is_csv = table.format() == catalog::FileFormat::kCsv;
  opened.reader = is_csv ? storage::OpenCsv(*files, file.uri, table.schema(), std::move(in_file), table.options())
                         : storage::OpenJson(*files, file.uri, table.schema(), std::move(in_file), table.options());
  return opened;
}

}  // namespace quell::execution
