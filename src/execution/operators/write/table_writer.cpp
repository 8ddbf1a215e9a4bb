#include "execution/operators/write/table_writer.h"

#include <algorithm>

#include "base/check.h"
#include "base/fault_point.h"
#include "storage/parquet/not_null.h"

namespace quell::execution {
namespace {

constexpr int64_t kMaxPendingBytes = int64_t{32} << 20;
constexpr int64_t kMaxRowGroupBytes = int64_t{64} << 20;
constexpr int64_t kMinRowGroupBytes = int64_t{1} << 20;
// What an open file takes at least: buffers and dictionaries of its columns.
constexpr int64_t kOpenFileBytes = int64_t{4} << 20;
constexpr size_t kMaxOpenFiles = 64;

std::vector<Type> TypesOf(const Schema& schema, const std::vector<int>& columns) {
  std::vector<Type> types;
  for (const int column : columns) types.push_back(schema.field(column).type);
  return types;
}

catalog::WrittenFile Describe(const std::string& path, const std::map<std::string, Value>& partition,
                              const storage::WrittenParquet& written) {
  catalog::WrittenFile file;
  file.relative_path = path;
  file.size_bytes = written.size_bytes;
  file.num_rows = written.num_rows;
  file.partition_values = partition;
  for (const auto& [name, range] : written.ranges) file.ranges[name] = range;
  return file;
}

}  // namespace

WritePlan::WritePlan(std::shared_ptr<catalog::TableWrite> table_write, ResourcesPtr shared_resources)
    : write(std::move(table_write)), resources(std::move(shared_resources)) {
  const Schema& schema = write->schema();
  for (const std::string& name : write->partition_columns()) {
    const std::optional<int> position = schema.IndexOf(name);
    QUELL_CHECK(position);
    partition_columns.push_back(*position);
  }
  std::vector<Field> fields;
  for (int i = 0; i < schema.num_fields(); ++i) {
    if (std::count(partition_columns.begin(), partition_columns.end(), i) > 0) continue;
    // Columns of VOID are in no file: NULL is all that they have.
    if (schema.field(i).type.id() == TypeId::kNull) continue;
    file_columns.push_back(i);
    fields.push_back(schema.field(i));
  }
  file_schema = Schema(std::move(fields));
  const int64_t share = resources->context.memory->limit_bytes() / resources->num_threads;
  file_options.compression = write->compression();
  file_options.row_group_bytes = std::clamp(share / 8, kMinRowGroupBytes, kMaxRowGroupBytes);
  max_pending_bytes = std::min(kMaxPendingBytes, share / 8);
  max_open_files = static_cast<size_t>(std::clamp<int64_t>(share / 4 / kOpenFileBytes, 1, kMaxOpenFiles));
}

TableWriter::TableWriter(WritePlanPtr plan)
    : plan_(std::move(plan)),
      reservation_(plan_->resources->context.memory, "write"),
      partition_numbers_(TypesOf(plan_->write->schema(), plan_->partition_columns), 0) {}

void TableWriter::Write(const Batch& input) {
  const Rows rows{input.num_rows, input.selection.get()};
  std::vector<Column> keys;
  for (const int column : plan_->partition_columns) keys.push_back(input.columns[column]);
  std::vector<uint32_t> numbers(rows.count());
  partition_numbers_.FindOrAdd(keys, rows, numbers.data());

  // The rows of each partition of this batch, in order.
  std::map<uint32_t, Selection> selections;
  int64_t k = 0;
  rows.ForEach([&](int64_t row) { selections[numbers[k++]].push_back(static_cast<int32_t>(row)); });
  Batch file_rows;
  file_rows.num_rows = input.num_rows;
  for (const int column : plan_->file_columns) file_rows.columns.push_back(input.columns[column]);
  for (auto& [number, selection] : selections) {
    Partition& partition = PartitionOf(input, number, selection[0]);
    const bool is_whole = static_cast<int64_t>(selection.size()) == input.num_rows;
    file_rows.selection = is_whole ? nullptr : std::make_shared<const Selection>(std::move(selection));
    Add(&partition, Compact(file_rows));
  }
  LimitMemory();
}

void TableWriter::WritePending(PendingRows rows) {
  for (const auto& partition : partitions_) {
    if (partition->pending.partition != rows.partition) continue;
    for (Batch& batch : rows.batches) Add(partition.get(), std::move(batch));
    return;
  }
  pending_bytes_ += rows.bytes;
  partitions_.push_back(std::make_unique<Partition>(Partition{std::move(rows), ""}));
  LimitMemory();
}

TableWriter::Partition& TableWriter::PartitionOf(const Batch& input, uint32_t group, int64_t row) {
  if (group >= partitions_.size()) partitions_.resize(group + 1);
  if (!partitions_[group]) {
    partitions_[group] = std::make_unique<Partition>();
    for (const int column : plan_->partition_columns) {
      const Field& field = plan_->write->schema().field(column);
      Value value = ValueAt(input.columns[column], row);
      if (value.is_null() && !field.nullable) storage::ThrowForbiddenNull(field.name);
      partitions_[group]->pending.partition[field.name] = std::move(value);
    }
  }
  return *partitions_[group];
}

void TableWriter::Add(Partition* partition, Batch rows) {
  const int64_t bytes = rows.memory_bytes();
  partition->pending.bytes += bytes;
  pending_bytes_ += bytes;
  partition->pending.batches.push_back(std::move(rows));
  if (partition->file) Flush(partition);
}

void TableWriter::Flush(Partition* partition) {
  for (const Batch& batch : partition->pending.batches) {
    if (!partition->file) Open(partition);
    partition->file->Write(batch);
    if (partition->file->bytes_written() >= plan_->resources->context.target_file_bytes) End(partition);
  }
  partition->pending.batches.clear();
  pending_bytes_ -= std::exchange(partition->pending.bytes, 0);
}

void TableWriter::Open(Partition* partition) {
  LimitOpenFiles();
  catalog::TableWrite& write = *plan_->write;
  partition->path = write.NewFileName(partition->pending.partition);
  partition->file = std::make_unique<storage::ParquetWriter>(
      write.file_system().Create(write.folder().Child(partition->path)), plan_->file_schema, plan_->file_options);
}

void TableWriter::End(Partition* partition) {
  FaultPoint("write.before_file");
  const storage::WrittenParquet written = partition->file->Close();
  FaultPoint("write.after_file");
  partition->file = nullptr;
  rows_written_ += written.num_rows;
  plan_->write->AddFile(Describe(partition->path, partition->pending.partition, written));
}

// Makes room for one more: the largest file is ended first.
void TableWriter::LimitOpenFiles() {
  size_t open = 0;
  Partition* largest = nullptr;
  for (const auto& partition : partitions_) {
    if (!partition || !partition->file) continue;
    ++open;
    if (!largest || partition->file->bytes_written() > largest->file->bytes_written()) largest = partition.get();
  }
  if (open >= plan_->max_open_files) End(largest);
}

void TableWriter::LimitMemory() {
  while (pending_bytes_ > plan_->max_pending_bytes) {
    Partition* largest = nullptr;
    for (const auto& partition : partitions_) {
      if (partition && (!largest || partition->pending.bytes > largest->pending.bytes)) largest = partition.get();
    }
    Flush(largest);
  }
  int64_t bytes = pending_bytes_;
  for (const auto& partition : partitions_) {
    if (partition && partition->file) bytes += partition->file->memory_bytes();
  }
  if (reservation_.TryResize(bytes)) return;
  // Ended files hold no memory. What is pending is small, and stays.
  EndOpenFiles();
  reservation_.ForceResize(pending_bytes_);
}

void TableWriter::EndOpenFiles() {
  for (const auto& partition : partitions_) {
    if (!partition || !partition->file) continue;
    Flush(partition.get());
    if (partition->file) End(partition.get());
  }
}

std::vector<PendingRows> TableWriter::TakePending() {
  std::vector<PendingRows> pending;
  for (const auto& partition : partitions_) {
    if (partition && !partition->pending.batches.empty()) pending.push_back(std::move(partition->pending));
  }
  partitions_.clear();
  pending_bytes_ = 0;
  return pending;
}

void TableWriter::EndAll() {
  for (const auto& partition : partitions_) {
    if (!partition) continue;
    Flush(partition.get());
    if (partition->file) End(partition.get());
  }
}

}  // namespace quell::execution
