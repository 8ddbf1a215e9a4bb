#include "execution/operators/sort/sort_buffer.h"

#include <algorithm>

#include "data/buffers.h"

namespace quell::execution {
namespace {

constexpr int64_t kChunkRows = 64 << 10;
constexpr int64_t kMaxChunkBytes = 4 << 20;
constexpr int64_t kSpillBlockBytes = 256 << 10;
// The least a run may take, budget or not: less would spill batch by batch.
constexpr int64_t kMinimumBytes = 512 << 10;
// A larger limit is no reason to sort early.
constexpr int64_t kMaxTopRows = 1 << 20;

}  // namespace

SortPlan::SortPlan(std::shared_ptr<const SortNode> sort, ResourcesPtr shared_resources,
                   OperatorCountersPtr operator_counters)
    : node(std::move(sort)), resources(std::move(shared_resources)), counters(std::move(operator_counters)) {}

std::shared_ptr<SpillFile> SortPlan::MakeSpillFile() const {
  std::vector<Field> fields = node->schema().fields();
  for (Field& field : fields) field.nullable = true;
  fields.push_back({.name = "key", .type = Type(TypeId::kBinary), .nullable = false});
  return std::make_shared<SpillFile>(Schema(std::move(fields)), resources->spill_space, counters);
}

SortBuffer::SortBuffer(SortPlanPtr plan)
    : plan_(std::move(plan)),
      chunk_bytes_(std::min(kMaxChunkBytes, plan_->resources->context.memory->limit_bytes() / 16)),
      encoder_(plan_->node->keys) {
  NewRun();
}

void SortBuffer::NewRun() {
  run_ = std::make_shared<MemoryRun>(plan_->resources->context.memory);
  pending_ = {};
  pending_rows_ = pending_bytes_ = chunks_bytes_ = 0;
}

void SortBuffer::Add(const Batch& batch) {
  MakeRoomForEntries(static_cast<size_t>(batch.num_selected()));
  encoder_.Encode(batch);
  std::optional<SortKeyBytes> last_kept;
  if (last_kept_) last_kept = SortKeyBytes::Of(last_kept_->data(), static_cast<uint32_t>(last_kept_->size()));
  Selection kept;
  for (int64_t k = 0; k < batch.num_selected(); ++k) {
    SortKeyBytes key = SortKeyBytes::Of(encoder_.row(k), encoder_.size(k));
    if (last_kept && key.Compare(*last_kept) >= 0) continue;
    uint8_t* bytes = run_->keys.Allocate(key.size);
    if (key.size > 0) std::memcpy(bytes, key.bytes, key.size);
    key.bytes = bytes;
    run_->entries.push_back({key, static_cast<uint32_t>(run_->chunks.size()),
                             static_cast<uint32_t>(pending_rows_ + static_cast<int64_t>(kept.size()))});
    kept.push_back(batch.selection ? (*batch.selection)[k] : static_cast<int32_t>(k));
  }
  if (kept.empty()) return;
  pending_rows_ += static_cast<int64_t>(kept.size());
  Batch rows = batch;
  rows.selection = static_cast<int64_t>(kept.size()) == batch.num_rows
                       ? nullptr
                       : std::make_shared<const Selection>(std::move(kept));
  pending_.push_back(Compact(rows));
  pending_bytes_ += pending_.back().memory_bytes();
  if (pending_rows_ >= kChunkRows || pending_bytes_ >= chunk_bytes_) AddChunk();
  if (KeepsOnlyFirst() && static_cast<int64_t>(run_->entries.size()) >= 2 * *plan_->node->limit + kChunkRows)
    KeepFirst();
  Reserve();
}

bool SortBuffer::KeepsOnlyFirst() const { return plan_->node->limit && *plan_->node->limit <= kMaxTopRows; }

void SortBuffer::AddChunk() {
  if (pending_.empty()) return;
  run_->chunks.push_back(std::make_shared<const Batch>(Concatenate(pending_, plan_->node->schema())));
  chunks_bytes_ += run_->chunks.back()->memory_bytes();
  pending_ = {};
  pending_rows_ = pending_bytes_ = 0;
}

int64_t SortBuffer::bytes_held() const {
  const auto entry_bytes = static_cast<int64_t>(run_->entries.capacity() * sizeof(MemoryRun::Entry));
  return chunks_bytes_ + pending_bytes_ + run_->keys.memory_bytes() + entry_bytes;
}

// While entries move to a larger place, both are held: where the budget has no room for that, the run is full.
void SortBuffer::MakeRoomForEntries(size_t count) {
  const size_t capacity = run_->entries.capacity();
  if (run_->entries.size() + count <= capacity) return;
  const size_t larger = std::max(run_->entries.size() + count, capacity + capacity / 2);
  const int64_t bytes = bytes_held() + static_cast<int64_t>(larger * sizeof(MemoryRun::Entry));
  if (!run_->reservation.TryResize(bytes) && bytes > kMinimumBytes && !run_->entries.empty()) {
    Spill();
    run_->entries.reserve(count);
  } else {
    run_->entries.reserve(larger);
  }
}

void SortBuffer::Reserve() {
  const int64_t bytes = bytes_held();
  if (run_->reservation.TryResize(bytes)) return;
  if (bytes > kMinimumBytes) {
    Spill();
  } else {
    run_->reservation.ForceResize(bytes);
  }
}

void SortBuffer::SortEntries() {
  // Sorting millions of rows takes longer than a cancelled statement may last.
  uint32_t comparisons = 0;
  const Resources& resources = *plan_->resources;
  const auto before = [&comparisons, &resources](const MemoryRun::Entry& a, const MemoryRun::Entry& b) {
    if ((++comparisons & 0xFFFF) == 0) [[unlikely]]
      resources.ThrowIfCancelled();
    const int order = a.key.Compare(b.key);
    if (order != 0) return order < 0;
    return std::tie(a.chunk, a.row) < std::tie(b.chunk, b.row);
  };
  std::vector<MemoryRun::Entry>& entries = run_->entries;
  const std::optional<int64_t>& limit = plan_->node->limit;
  if (limit && *limit < static_cast<int64_t>(entries.size())) {
    std::partial_sort(entries.begin(), entries.begin() + *limit, entries.end(), before);
    entries.resize(*limit);
  } else {
    std::sort(entries.begin(), entries.end(), before);
  }
}

// Of the entries, their keys and their share of the rows.
int64_t SortBuffer::BytesOfCopy() const {
  int64_t num_rows = 0;
  for (const BatchPtr& chunk : run_->chunks) num_rows += chunk->num_rows;
  const auto num_entries = static_cast<int64_t>(run_->entries.size());
  int64_t bytes = num_entries * static_cast<int64_t>(sizeof(MemoryRun::Entry));
  for (const MemoryRun::Entry& entry : run_->entries) bytes += entry.key.size;
  return bytes + chunks_bytes_ / num_rows * num_entries;
}

// Forgets the rows that the limit cuts off.
void SortBuffer::KeepFirst() {
  AddChunk();
  SortEntries();
  if (run_->entries.empty()) return NewRun();
  const SortKeyBytes& last = run_->entries.back().key;
  last_kept_.emplace(last.bytes, last.bytes + last.size);
  // While they are copied, all rows and the first are held.
  const int64_t bytes = bytes_held() + BytesOfCopy();
  if (!run_->reservation.TryResize(bytes) && bytes > kMinimumBytes) return Spill();
  const std::shared_ptr<MemoryRun> all = std::move(run_);
  NewRun();
  run_->entries.reserve(all->entries.size());
  RowGatherer gatherer(plan_->node->schema());
  for (const MemoryRun::Entry& entry : all->entries) {
    gatherer.Add(all->chunks[entry.chunk], static_cast<int32_t>(entry.row));
    uint8_t* bytes = run_->keys.Allocate(entry.key.size);
    if (entry.key.size > 0) std::memcpy(bytes, entry.key.bytes, entry.key.size);
    SortKeyBytes key = entry.key;
    key.bytes = bytes;
    run_->entries.push_back({key, 0, static_cast<uint32_t>(run_->entries.size())});
  }
  run_->chunks.push_back(std::make_shared<const Batch>(gatherer.Finish()));
  chunks_bytes_ = run_->chunks[0]->memory_bytes();
}

void SortBuffer::Spill() {
  AddChunk();
  if (run_->entries.empty()) return;
  SortEntries();
  if (!file_) file_ = plan_->MakeSpillFile();
  const int64_t row_bytes = chunks_bytes_ / static_cast<int64_t>(run_->entries.size()) + 1;
  SpilledRunWriter writer(*plan_, file_, row_bytes);
  for (const auto cursor = MakeCursor(std::shared_ptr<const MemoryRun>(run_)); !cursor->at_end(); cursor->Advance()) {
    writer.Add(*cursor);
  }
  spilled_.push_back(writer.Finish());
  NewRun();
}

std::shared_ptr<const MemoryRun> SortBuffer::FinishMemoryRun() {
  AddChunk();
  SortEntries();
  plan_->counters->peak_memory_bytes.Add(run_->reservation.peak_bytes());
  return run_;
}

SpilledRunWriter::SpilledRunWriter(const SortPlan& plan, std::shared_ptr<SpillFile> file, int64_t row_bytes)
    : plan_(plan),
      block_rows_(std::clamp<int64_t>(kSpillBlockBytes / row_bytes, 16, kBatchRows)),
      rows_(plan.node->schema()) {
  run_.file = std::move(file);
}

void SpilledRunWriter::Add(const RunCursor& cursor) {
  rows_.Add(cursor.batch(), cursor.row());
  keys_.append(reinterpret_cast<const char*>(cursor.key().bytes), cursor.key().size);
  key_offsets_.push_back(static_cast<int32_t>(keys_.size()));
  if (rows_.num_rows() == block_rows_) WriteBlock();
}

void SpilledRunWriter::WriteBlock() {
  plan_.resources->ThrowIfCancelled();
  Batch block = rows_.Finish();
  StringWriter keys(block.num_rows, static_cast<int64_t>(keys_.size()));
  for (int64_t row = 0; row < block.num_rows; ++row) {
    keys.Append(std::string_view(keys_).substr(key_offsets_[row], key_offsets_[row + 1] - key_offsets_[row]));
  }
  block.columns.push_back(keys.Finish(Type(TypeId::kBinary)));
  run_.blocks.push_back(run_.file->Append(block));
  keys_.clear();
  key_offsets_.resize(1);
}

SpilledRun SpilledRunWriter::Finish() {
  if (rows_.num_rows() > 0) WriteBlock();
  return std::move(run_);
}

}  // namespace quell::execution
