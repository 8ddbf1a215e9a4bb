#include "storage/parquet/row_group_scan.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/ranges.h>

#include "base/error_classes.h"
#include "storage/parquet/column_factory.h"
#include "storage/parquet/renamed_source.h"
#include "storage/parquet/row_group_pruning.h"

namespace quell::storage {

namespace {

constexpr int64_t kLocalWindowBytes = 256 * 1024;  // fits the second-level cache
constexpr int64_t kMaxRemoteWindowBytes = 8 * 1024 * 1024;
constexpr int64_t kMinRemoteWindowBytes = 1024 * 1024;
constexpr int64_t kRemoteScanBytes = 64 * 1024 * 1024;  // of all windows of a scan, those on the way included

constexpr int64_t kMaxGap = 256;        // rows that are decoded rather than stepped over
constexpr int64_t kDenseFraction = 64;  // one selected row in so many makes stepping over rows pointless

int64_t WindowBytes(const ParquetFile& file, size_t num_columns) {
  if (!file.input()->is_remote()) return kLocalWindowBytes;
  const int64_t share = kRemoteScanBytes / static_cast<int64_t>(2 * std::max<size_t>(1, num_columns));
  return std::clamp(share, kMinRemoteWindowBytes, kMaxRemoteWindowBytes);
}

void CollectInputs(const Expression& expr, std::set<int>* inputs) {
  if (const auto* input = expr.As<InputRef>()) inputs->insert(input->index());
  for (const ExprPtr& child : expr.children()) CollectInputs(*child, inputs);
}

// The ranges of `rows` that hold the selected ones, with small gaps closed.
void WantedRanges(RowRange rows, const Selection* selection, std::vector<RowRange>* wanted) {
  wanted->clear();
  if (!selection) {
    wanted->push_back(rows);
    return;
  }
  if (selection->empty()) return;
  if (static_cast<int64_t>(selection->size()) * kDenseFraction >= rows.size()) {
    wanted->push_back({rows.begin + selection->front(), rows.begin + selection->back() + 1});
    return;
  }
  for (const int32_t position : *selection) {
    const int64_t row = rows.begin + position;
    if (!wanted->empty() && row - wanted->back().end < kMaxGap) {
      wanted->back().end = row + 1;
    } else {
      wanted->push_back({row, row + 1});
    }
  }
}

}  // namespace

RowGroupScan::RowGroupScan(ParquetFilePtr file, int row_group, RowRange rows, std::shared_ptr<const ScanSpec> spec,
                           std::shared_ptr<const std::vector<int64_t>> deleted_rows)
    : file_(std::move(file)), row_group_(row_group), spec_(std::move(spec)), deleted_rows_(std::move(deleted_rows)) {
  rows.end = std::min(rows.end, file_->row_group_rows(row_group_));
  ranges_ = {rows};
}

RowGroupScan::~RowGroupScan() = default;

void RowGroupScan::Bind() {
  if (is_bound_) return;
  is_bound_ = true;
  for (const ScanColumn& wanted : spec_->columns) {
    file_columns_.push_back(wanted.constant ? std::nullopt : file_->Find(wanted.path));
    if (!file_columns_.back() && !wanted.constant && !wanted.null_if_missing) {
      throw Error(error_class::kFailedReadFile, "file '{}' has no column '{}'; its columns are {}", file_->path(),
                  fmt::join(wanted.path, "."), file_->schema().ToString());
    }
  }
  const RowRange all = ranges_.front();
  ranges_ = PruneRows(*file_, row_group_, all, *spec_, file_columns_);
  if (ranges_.empty()) return;
  if (spec_->metrics && all.begin == 0) spec_->metrics->row_groups_read.Add(1);
  is_partial_ = ranges_ != std::vector<RowRange>{{0, file_->row_group_rows(row_group_)}};
  sources_.resize(spec_->columns.size());
  for (const ExprPtr& conjunct : spec_->filter) {
    std::set<int> inputs;
    CollectInputs(*conjunct, &inputs);
    filter_inputs_.emplace_back(inputs.begin(), inputs.end());
    filters_.emplace_back(conjunct);
  }
  if (deleted_rows_) {
    const int64_t first = file_->row_group_first_row(row_group_) + all.begin;
    next_deleted_ = std::lower_bound(deleted_rows_->begin(), deleted_rows_->end(), first) - deleted_rows_->begin();
  }
}

ColumnSource& RowGroupScan::Source(int column) {
  if (sources_[column]) return *sources_[column];
  const ScanColumn& wanted = spec_->columns[column];
  ColumnRequest request;
  request.path = wanted.path;
  request.file_column = *file_columns_[column];
  request.type = wanted.stored_type.value_or(wanted.type);
  request.window_bytes = WindowBytes(*file_, spec_->columns.size());
  request.reader = spec_->reader;
  request.metrics = spec_->metrics;
  if (is_partial_ && request.file_column.is_leaf) {
    request.offsets = ReadOffsetIndex(*file_, row_group_, request.file_column.leaves.front());
  }
  sources_[column] = MakeColumnSource(file_, row_group_, request);
  if (wanted.stored_type) sources_[column] = RenameMembers(std::move(sources_[column]), wanted.type);
  return *sources_[column];
}

std::string RowGroupScan::place() const {
  constexpr size_t kMaxNamed = 4;
  std::vector<std::string> names;
  for (const ScanColumn& column : spec_->columns) {
    if (!column.constant) names.push_back(fmt::format("'{}'", fmt::join(column.path, ".")));
  }
  const std::string place = fmt::format("file '{}', row group {}", file_->path(), row_group_);
  if (names.empty() || names.size() > kMaxNamed) return place;
  return fmt::format("{}, {} {}", place, names.size() == 1 ? "column" : "columns", fmt::join(names, ", "));
}

void RowGroupScan::Prefetch() {
  Bind();
  if (!file_->input()->is_remote() || range_ == ranges_.size()) return;
  for (size_t i = 0; i < file_columns_.size(); ++i) {
    if (file_columns_[i]) Source(static_cast<int>(i)).Prefetch();
  }
}

std::optional<RowRange> RowGroupScan::NextRows() {
  if (range_ == ranges_.size()) return std::nullopt;
  RowRange& range = ranges_[range_];
  const RowRange rows{range.begin, std::min(range.end, range.begin + spec_->batch_rows)};
  range.begin = rows.end;
  if (range.begin == range.end) ++range_;
  return rows;
}

SelectionPtr RowGroupScan::WithoutDeleted(RowRange rows) {
  if (!deleted_rows_) return nullptr;
  const int64_t first = file_->row_group_first_row(row_group_) + rows.begin;
  const int64_t end = first + rows.size();
  while (next_deleted_ < deleted_rows_->size() && (*deleted_rows_)[next_deleted_] < first) ++next_deleted_;
  if (next_deleted_ == deleted_rows_->size() || (*deleted_rows_)[next_deleted_] >= end) return nullptr;
  auto alive = std::make_shared<Selection>();
  for (int64_t row = first; row < end; ++row) {
    if (next_deleted_ < deleted_rows_->size() && (*deleted_rows_)[next_deleted_] == row) {
      ++next_deleted_;
    } else {
      alive->push_back(static_cast<int32_t>(row - first));
    }
  }
  return alive;
}

void RowGroupScan::FillColumn(int column, RowRange rows, Batch* batch) {
  Column& slot = batch->columns[column];
  if (slot.data) return;
  const ScanColumn& wanted = spec_->columns[column];
  if (!file_columns_[column]) {
    slot = MakeConstant(wanted.type, wanted.constant.value_or(Value{}));
  } else {
    slot = Source(column).Read(rows, wanted_);
  }
}

bool RowGroupScan::Filter(RowRange rows, Batch* batch) {
  batch->selection = WithoutDeleted(rows);
  WantedRanges(rows, batch->selection.get(), &wanted_);
  for (size_t i = 0; i < filters_.size(); ++i) {
    if (batch->num_selected() == 0) return false;
    for (const int input : filter_inputs_[i]) FillColumn(input, rows, batch);
    batch->selection = filters_[i].Filter(*batch);
    WantedRanges(rows, batch->selection.get(), &wanted_);
  }
  return batch->num_selected() > 0;
}

std::optional<Batch> RowGroupScan::Next() {
  // Columns of a remote file are fetched at once, not one after the other.
  if (!is_bound_) Prefetch();
  while (const auto rows = NextRows()) {
    if (spec_->cancel) spec_->cancel->ThrowIfCancelled();
    Batch batch;
    batch.num_rows = rows->size();
    batch.columns.resize(spec_->columns.size());
    if (spec_->metrics) spec_->metrics->rows_read.Add(rows->size());
    if (!Filter(*rows, &batch)) continue;
    for (size_t i = 0; i < spec_->columns.size(); ++i) FillColumn(static_cast<int>(i), *rows, &batch);
    batch_begin_ = rows->begin;
    return batch;
  }
  return std::nullopt;
}

}  // namespace quell::storage
