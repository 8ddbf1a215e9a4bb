#include "execution/operators/sort/sorted_run.h"

#include <algorithm>
#include <optional>

#include "data/buffers.h"

namespace quell::execution {
namespace {

class MemoryRunCursor final : public RunCursor {
 public:
  explicit MemoryRunCursor(std::shared_ptr<const MemoryRun> run) : run_(std::move(run)) {}
  bool at_end() const override { return next_ == run_->entries.size(); }
  const SortKeyBytes& key() const override { return run_->entries[next_].key; }
  const BatchPtr& batch() const override { return run_->chunks[run_->entries[next_].chunk]; }
  int32_t row() const override { return static_cast<int32_t>(run_->entries[next_].row); }
  void Advance() override { ++next_; }

 private:
  const std::shared_ptr<const MemoryRun> run_;
  size_t next_ = 0;
};

class SpilledRunCursor final : public RunCursor {
 public:
  explicit SpilledRunCursor(SpilledRun run) : run_(std::move(run)) { Load(); }
  bool at_end() const override { return batch_ == nullptr; }
  const SortKeyBytes& key() const override { return key_; }
  const BatchPtr& batch() const override { return batch_; }
  int32_t row() const override { return row_; }
  void Advance() override {
    if (++row_ == batch_->num_rows) {
      Load();
    } else {
      ReadKey();
    }
  }

 private:
  void Load() {
    batch_ = nullptr;
    if (next_block_ == run_.blocks.size()) return;
    const SpillBlock& block = run_.blocks[next_block_++];
    Batch batch = run_.file->Read(block);
    run_.file->Release(block);
    key_column_ = std::move(batch.columns.back());
    batch.columns.pop_back();
    keys_.emplace(key_column_);
    batch_ = std::make_shared<const Batch>(std::move(batch));
    row_ = 0;
    ReadKey();
  }
  void ReadKey() {
    const std::string_view bytes = (*keys_)[row_];
    key_ = SortKeyBytes::Of(reinterpret_cast<const uint8_t*>(bytes.data()), static_cast<uint32_t>(bytes.size()));
  }

  const SpilledRun run_;
  size_t next_block_ = 0;
  BatchPtr batch_;
  Column key_column_;
  std::optional<StringReader> keys_;
  SortKeyBytes key_;
  int32_t row_ = 0;
};

}  // namespace

std::unique_ptr<RunCursor> MakeCursor(std::shared_ptr<const MemoryRun> run) {
  return std::make_unique<MemoryRunCursor>(std::move(run));
}

std::unique_ptr<RunCursor> MakeCursor(SpilledRun run) { return std::make_unique<SpilledRunCursor>(std::move(run)); }

void RowGatherer::Add(const BatchPtr& batch, int32_t row) {
  if (last_batch_ >= batches_.size() || batches_[last_batch_] != batch) {
    last_batch_ = static_cast<uint32_t>(std::find(batches_.begin(), batches_.end(), batch) - batches_.begin());
    if (last_batch_ == batches_.size()) {
      batches_.push_back(batch);
      rows_.emplace_back();
    }
  }
  places_.push_back({last_batch_, static_cast<int32_t>(rows_[last_batch_].size())});
  rows_[last_batch_].push_back(row);
}

Batch RowGatherer::Finish() {
  std::vector<Batch> taken;
  std::vector<int32_t> begins;
  int32_t begin = 0;
  for (size_t i = 0; i < batches_.size(); ++i) {
    Batch& batch = taken.emplace_back();
    batch.num_rows = static_cast<int64_t>(rows_[i].size());
    for (const Column& column : batches_[i]->columns) batch.columns.push_back(Take(column, rows_[i]));
    begins.push_back(begin);
    begin += static_cast<int32_t>(rows_[i].size());
  }
  Batch result;
  if (taken.size() == 1) {
    result = std::move(taken[0]);
  } else {
    std::vector<int32_t> order;
    order.reserve(places_.size());
    for (const Place& place : places_) order.push_back(begins[place.batch] + place.index);
    const Batch joined = Concatenate(taken, schema_);
    result.num_rows = joined.num_rows;
    for (const Column& column : joined.columns) result.columns.push_back(Take(column, order));
  }
  batches_.clear();
  rows_.clear();
  places_.clear();
  return result;
}

}  // namespace quell::execution
