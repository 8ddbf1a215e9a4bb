#include "execution/operators/aggregate/grouping.h"

#include <algorithm>
#include <bit>

namespace quell::execution {
namespace {

// Groups that are exported at once on their way to partitions: many, so that partitions are written in large blocks,
// but their columns take little of the budget.
constexpr int64_t kMinGroupsPerMove = 8 << 10;
constexpr int64_t kMaxGroupsPerMove = 128 << 10;
constexpr int64_t kBudgetBytesPerGroup = 1024;
// Long keys must not overflow the offsets of a column.
constexpr int64_t kMaxBytesPerMove = int64_t{64} << 20;
// A table of this many groups falls out of the caches. Where it hardly reduces the rows, smaller ones are faster.
constexpr int64_t kLargeTableGroups = 256 << 10;
constexpr int64_t kSmallTableGroups = 32 << 10;
// The least a table may take, budget or not: less would spill batch by batch.
constexpr int64_t kMinimumBytes = 512 << 10;
constexpr int kMaxArrayBits = 20;

Schema PartialSchema(const AggregateNode& node) {
  std::vector<Field> fields;
  for (const int key : node.keys) fields.push_back(node.input().schema().field(key));
  for (Field& field : fields) field.nullable = true;
  for (const AggregateStep& step : node.steps) {
    for (const Type& type : step.call->function().state_types) fields.push_back({.name = "", .type = type});
  }
  for (size_t i = 0; i < fields.size(); ++i) fields[i].name = std::to_string(i);
  return Schema(std::move(fields));
}

// The array takes a 32nd of the budget at most, all threads together.
int MaxArrayBits(const Resources& resources) {
  const int64_t entries = resources.context.memory->limit_bytes() / 32 / resources.num_threads / 4;
  return std::clamp(static_cast<int>(std::bit_width(static_cast<uint64_t>(std::max<int64_t>(entries, 1)))) - 1, 0,
                    kMaxArrayBits);
}

}  // namespace

GroupingPlan::GroupingPlan(std::shared_ptr<const AggregateNode> aggregate, ResourcesPtr shared_resources,
                           OperatorCountersPtr operator_counters)
    : node(std::move(aggregate)),
      resources(std::move(shared_resources)),
      counters(std::move(operator_counters)),
      partial_schema(PartialSchema(*node)),
      max_array_bits(MaxArrayBits(*resources)) {
  for (const int key : node->keys) key_types.push_back(node->input().schema().field(key).type);
}

Grouping::Grouping(GroupingPlanPtr plan, int level)
    : plan_(std::move(plan)),
      level_(level),
      reservation_(plan_->resources->context.memory, "hash aggregate"),
      // Only rows of the input come in the encodings and the order that grouping by array index is for.
      is_hashing_(level > 0),
      max_groups_(kLargeTableGroups) {
  Reset();
}

Grouping::~Grouping() {
  // Partitions are merged one after the other, in what the threads have given back.
  if (level_ == 0) plan_->counters->peak_memory_bytes.Add(reservation_.peak_bytes());
}

void Grouping::Reset() {
  table_ = std::make_unique<GroupTable>(plan_->key_types, is_hashing_ ? 0 : plan_->max_array_bits);
  states_ = std::make_unique<GroupStates>(*plan_->node, level_ == 0 && reduces_);
  states_->Reserve(table_->num_groups());
  expected_new_groups_ = plan_->key_types.empty() ? 0 : 64;
  rows_since_move_ = 0;
}

void Grouping::AddInput(const Batch& input) {
  const int64_t count = input.num_selected();
  MakeRoom(count);
  keys_.clear();
  for (const int key : plan_->node->keys) keys_.push_back(input.columns[key]);
  group_ids_.resize(count);
  const int64_t groups_before = table_->num_groups();
  table_->FindOrAdd(keys_, Rows{input.num_rows, input.selection.get()}, group_ids_.data());
  states_->Reserve(table_->num_groups());
  states_->Update(group_ids_.data(), input);
  AfterRows(count, groups_before);
}

void Grouping::AddPartial(const Batch& groups) {
  plan_->resources->ThrowIfCancelled();
  MakeRoom(groups.num_rows);
  const std::span<const Column> columns(groups.columns);
  const size_t num_keys = plan_->node->keys.size();
  const Rows rows{groups.num_rows, nullptr};
  group_ids_.resize(groups.num_rows);
  const int64_t groups_before = table_->num_groups();
  table_->FindOrAdd(columns.first(num_keys), rows, group_ids_.data());
  states_->Reserve(table_->num_groups());
  states_->Merge(group_ids_.data(), columns.subspan(num_keys), rows);
  AfterRows(groups.num_rows, groups_before);
}

// Reserves what the next rows will take; where the budget has no room, makes some.
void Grouping::MakeRoom(int64_t num_rows) {
  const auto bytes_needed = [&] {
    const int64_t new_groups = std::min(num_rows, expected_new_groups_);
    return table_->BytesToGrowBy(new_groups) + states_->BytesToGrowTo(table_->num_groups() + new_groups);
  };
  if (reservation_.TryResize(bytes_needed())) return;
  const bool can_split = !plan_->key_types.empty() && level_ < kMaxPartitionLevel;
  if (can_split && reservation_.bytes() > kMinimumBytes) MoveToPartitions();
  reservation_.ForceResize(bytes_needed());
}

void Grouping::AfterRows(int64_t num_rows, int64_t groups_before) {
  rows_since_move_ += num_rows;
  expected_new_groups_ = std::max<int64_t>(64, 2 * (table_->num_groups() - groups_before));
  if (level_ > 0 || plan_->key_types.empty() || table_->num_groups() < max_groups_) return;
  if (rows_since_move_ > 2 * table_->num_groups()) {
    max_groups_ *= 2;  // It reduces: go on.
  } else {
    reduces_ = false;
    max_groups_ = kSmallTableGroups;
    MoveToPartitions();
  }
}

void Grouping::MoveToPartitions() {
  if (plan_->key_types.empty()) return;
  if (!partitions_) {
    partitions_ = std::make_shared<Partitions>(plan_->partial_schema, *plan_->resources, plan_->counters);
  }
  const int64_t group_bytes = memory_of_groups() / std::max<int64_t>(num_groups(), 1) + 1;
  const int64_t affordable = plan_->resources->context.memory->limit_bytes() / kBudgetBytesPerGroup;
  const int64_t groups_per_move =
      std::min(std::clamp(affordable, kMinGroupsPerMove, kMaxGroupsPerMove), kMaxBytesPerMove / group_bytes + 1);
  std::vector<uint64_t> hashes;
  for (int64_t begin = 0; begin < num_groups(); begin += groups_per_move) {
    plan_->resources->ThrowIfCancelled();
    const int64_t end = std::min(begin + groups_per_move, num_groups());
    hashes.clear();
    for (int64_t group = begin; group < end; ++group) hashes.push_back(table_->hash(static_cast<uint32_t>(group)));
    partitions_->Append(Partial(begin, end), hashes, level_);
  }
  is_hashing_ |= table_->is_hashing();
  Reset();
  reservation_.ForceResize(memory_of_groups());
}

void Grouping::Spill() {
  if (plan_->key_types.empty()) return;
  if (partitions_) partitions_->Spill();
  if (reservation_.bytes() > kMinimumBytes) MoveToPartitions();
}

Batch Grouping::Partial(int64_t begin, int64_t end) {
  Batch batch;
  batch.num_rows = end - begin;
  batch.columns = table_->Keys(begin, end);
  for (Column& column : states_->Export(begin, end)) batch.columns.push_back(std::move(column));
  return batch;
}

Batch Grouping::Result(int64_t begin, int64_t end) {
  Batch batch;
  batch.num_rows = end - begin;
  batch.columns = table_->Keys(begin, end);
  for (Column& column : states_->Finish(begin, end)) batch.columns.push_back(std::move(column));
  return batch;
}

}  // namespace quell::execution
