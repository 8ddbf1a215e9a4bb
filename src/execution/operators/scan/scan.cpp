#include "execution/operators/scan/scan.h"

#include <algorithm>

#include "base/error_classes.h"

namespace quell::execution {
namespace {

// Rows of a morsel where there are too few row groups for all threads; less costs more in skipped pages than it wins.
constexpr int64_t kMinMorselRows = 128 << 10;
// What the pages of a column take while they are decoded, as far as not known.
constexpr int64_t kPageBytesPerColumn = 512 << 10;

class ScanSource final : public Source {
 public:
  explicit ScanSource(std::shared_ptr<ScanState> state)
      : state_(std::move(state)), reservation_(state_->resources().context.memory, "scan") {}
  ~ScanSource() override { state_->counters().peak_memory_bytes.Add(reservation_.peak_bytes()); }

  std::optional<Batch> Next() override {
    while (true) {
      if (!scan_) {
        scan_ = next_scan_ ? std::move(next_scan_) : Begin();
        if (!scan_) return std::nullopt;
        // The morsel after this one is fetched while this one is computed on.
        if (is_remote_ && (next_scan_ = Begin())) next_scan_->Prefetch();
      }
      if (std::optional<Batch> batch = scan_->Next()) return batch;
      scan_.reset();
    }
  }

  std::string place() const override { return scan_ ? scan_->place() : std::string(); }

 private:
  std::unique_ptr<storage::RowGroupScan> Begin() {
    std::optional<ScanMorsel> morsel = state_->TakeMorsel();
    if (!morsel) return nullptr;
    is_remote_ = morsel->file->input()->is_remote();
    Reserve(*morsel);
    auto scan = std::make_unique<storage::RowGroupScan>(morsel->file, morsel->row_group, morsel->rows, morsel->spec,
                                                        morsel->deleted_rows);
    if (is_remote_) scan->Prefetch();
    return scan;
  }

  // Buffers cannot be spilled: they are counted, so that others spill.
  void Reserve(const ScanMorsel& morsel) {
    int64_t bytes = 0;
    for (const storage::ScanColumn& column : morsel.spec->columns) {
      const auto found = column.constant ? std::nullopt : morsel.file->Find(column.path);
      if (!found) continue;
      const int64_t chunk_bytes = morsel.file->row_group_bytes(morsel.row_group, found->leaves);
      // A remote chunk is fetched as a whole, this one and the next.
      bytes += is_remote_ ? 2 * chunk_bytes : std::min(2 * chunk_bytes, kPageBytesPerColumn);
    }
    reservation_.ForceResize(bytes);
  }

  const std::shared_ptr<ScanState> state_;
  MemoryReservation reservation_;
  bool is_remote_ = false;
  std::unique_ptr<storage::RowGroupScan> scan_;
  std::unique_ptr<storage::RowGroupScan> next_scan_;
};

}  // namespace

ScanState::ScanState(std::shared_ptr<const ScanNode> node, ResourcesPtr resources, OperatorCountersPtr counters)
    : node_(std::move(node)),
      resources_(std::move(resources)),
      counters_(std::move(counters)),
      counts_for_statement_(*resources_, counters_) {
  catalog::ScanFiles scan = node_->table->PlanScan(RequestOf(*node_));
  counters_->scan.files_pruned.Add(scan.files_pruned);
  files_ = std::move(scan.files);
  if (files_.size() == 1) {
    for (ScanMorsel& morsel : OpenFile(files_[next_file_++])) morsels_.push_back(std::move(morsel));
  }
}

int ScanState::max_threads() const {
  return static_cast<int>(std::min<size_t>(files_.size() > 1 ? 1 << 10 : morsels_.size(), 1 << 10));
}

std::unique_ptr<Source> ScanState::MakeSource() { return std::make_unique<ScanSource>(shared_from_this()); }

std::optional<ScanMorsel> ScanState::TakeMorsel() {
  std::unique_lock lock(mutex_);
  while (morsels_.empty()) {
    if (next_file_ == files_.size()) return std::nullopt;
    const catalog::DataFile& file = files_[next_file_++];
    lock.unlock();
    std::vector<ScanMorsel> opened = OpenFile(file);
    lock.lock();
    std::move(opened.begin(), opened.end(), std::back_inserter(morsels_));
  }
  ScanMorsel morsel = std::move(morsels_.front());
  morsels_.pop_front();
  return morsel;
}

// Files have the names of the physical schema; the scan gives those of the table.
storage::ScanColumn ScanState::ColumnFor(size_t index, const catalog::DataFile& file) const {
  const catalog::Table& table = *node_->table;
  const int position = node_->columns[index];
  const Field* field = &table.schema().field(position);
  const Field* stored = &table.physical_schema().field(position);
  storage::ScanColumn column{.path = {stored->name},
                             .type = node_->schema().field(static_cast<int>(index)).type,
                             .null_if_missing = table.files_may_lack_columns()};
  for (const std::string& name : node_->members[index]) {
    const auto& members = field->type.children();
    const auto member =
        std::find_if(members.begin(), members.end(), [&](const Field& other) { return SameName(other.name, name); });
    stored = &stored->type.children()[static_cast<size_t>(member - members.begin())];
    field = &*member;
    column.path.push_back(stored->name);
  }
  if (stored->type != field->type) column.stored_type = stored->type;
  if (const auto constant = file.constants.find(position); constant != file.constants.end()) {
    column.constant = constant->second;
  }
  return column;
}

std::shared_ptr<const storage::ScanSpec> ScanState::SpecFor(const catalog::DataFile& file) const {
  auto spec = std::make_shared<storage::ScanSpec>();
  for (size_t i = 0; i < node_->columns.size(); ++i) spec->columns.push_back(ColumnFor(i, file));
  spec->filter = node_->filters;
  spec->batch_rows = resources_->context.batch_rows;
  spec->metrics = &counters_->scan;
  spec->cancel = resources_->context.cancel;
  spec->reader = reader_;
  return spec;
}

std::vector<ScanMorsel> ScanState::OpenFile(const catalog::DataFile& file) {
  const storage::ParquetFilePtr opened =
      storage::ParquetFile::Open(FileSystemFor(file.uri), file.uri, file.size_bytes, &counters_->scan);
  const auto spec = SpecFor(file);
  const auto deleted_rows = file.deleted_rows ? file.deleted_rows() : nullptr;
  const auto groups = static_cast<int64_t>(std::max(opened->num_row_groups(), 1));
  const bool has_few = files_.size() == 1 && groups < resources_->num_threads;
  const int64_t parts = has_few ? (resources_->num_threads + groups - 1) / groups : 1;
  std::vector<ScanMorsel> morsels;
  for (int i = 0; i < opened->num_row_groups(); ++i) {
    const int64_t rows = opened->row_group_rows(i);
    const int64_t step = std::max((rows + parts - 1) / parts, std::min(kMinMorselRows, rows));
    for (int64_t begin = 0; begin < rows; begin += step) {
      morsels.push_back({opened, i, {begin, std::min(begin + step, rows)}, spec, deleted_rows});
    }
  }
  return morsels;
}

storage::FileSystem& ScanState::FileSystemFor(const storage::Uri& uri) {
  std::lock_guard lock(mutex_);
  storage::FileSystemPtr& file_system = file_systems_[{uri.scheme, uri.bucket}];
  if (!file_system) file_system = storage::MakeFileSystem(uri, CountedStorage(*resources_, *counters_));
  return *file_system;
}

}  // namespace quell::execution
