#include "execution/operators/aggregate/group_states.h"

#include <algorithm>

#include "data/buffers.h"

namespace quell::execution {
namespace {

constexpr int64_t kFirstCapacity = 64;
// A guess, until the states can be measured.
constexpr int64_t kBytesPerState = 32;

// Calls f(k, row) for the selected rows where `condition` is true.
template <typename F>
void ForEachTrue(const Column& condition, const Rows& rows, F&& f) {
  const Column flat = condition.encoding == Encoding::kDictionary ? Flatten(condition, rows.num_rows) : condition;
  const int64_t mask = flat.encoding == Encoding::kConstant ? 0 : -1;
  if (flat.type.id() == TypeId::kNull) return;
  const uint8_t* values = flat.data->buffers[1]->data();
  const uint8_t* validity = flat.validity();
  const int64_t offset = flat.data->offset;
  int64_t k = 0;
  rows.ForEach([&](int64_t row) {
    const int64_t bit = offset + (row & mask);
    if (GetBit(values, bit) && (!validity || GetBit(validity, bit))) f(k, row);
    ++k;
  });
}

}  // namespace

GroupStates::GroupStates(const AggregateNode& node, bool accumulates)
    : steps_(&node.steps), is_accumulated_(node.steps.size(), false) {
  for (const AggregateStep& step : node.steps) states_.push_back(step.call->function().make_states());
  // Without keys, each state adds up a batch in registers.
  if (!accumulates || node.keys.empty()) return;
  accumulators_ = NumberAccumulator::MakeFor(node.steps, node.input().schema());
  for (const auto& accumulator : accumulators_) {
    for (const size_t step : accumulator->steps()) is_accumulated_[step] = true;
  }
}

int64_t GroupStates::NextCapacity(int64_t capacity, int64_t num_groups) {
  // Without keys there is one group, which states compute faster.
  if (capacity == 0 && num_groups == 1) return 1;
  return std::max({kFirstCapacity, num_groups, capacity + capacity / 2});
}

void GroupStates::Reserve(int64_t num_groups) {
  if (num_groups <= capacity_) return;
  capacity_ = NextCapacity(capacity_, num_groups);
  for (const auto& states : states_) states->Resize(capacity_);
  for (const auto& accumulator : accumulators_) accumulator->Resize(capacity_);
}

void GroupStates::Update(const uint32_t* group_ids, const Batch& input) {
  const Rows rows{input.num_rows, input.selection.get()};
  for (const auto& accumulator : accumulators_) {
    if (accumulator->is_full(rows.count())) accumulator->MoveTo(states_);
    accumulator->Update(group_ids, input);
  }
  for (size_t i = 0; i < states_.size(); ++i) {
    if (!is_accumulated_[i]) UpdateStep(i, group_ids, input, rows);
  }
}

void GroupStates::MoveAccumulated() {
  for (const auto& accumulator : accumulators_) accumulator->MoveTo(states_);
}

void GroupStates::UpdateStep(size_t index, const uint32_t* group_ids, const Batch& input, const Rows& rows) {
  const AggregateStep& step = (*steps_)[index];
  arguments_.clear();
  for (const int column : step.inputs) arguments_.push_back(input.columns[column]);
  if (step.merges_states) {
    states_[index]->Merge(group_ids, arguments_, rows);
  } else if (!step.filter) {
    states_[index]->Update(group_ids, arguments_, rows);
  } else {
    filtered_rows_.clear();
    filtered_groups_.clear();
    ForEachTrue(input.columns[*step.filter], rows, [&](int64_t k, int64_t row) {
      filtered_rows_.push_back(static_cast<int32_t>(row));
      filtered_groups_.push_back(group_ids[k]);
    });
    if (filtered_rows_.empty()) return;
    states_[index]->Update(filtered_groups_.data(), arguments_, Rows{rows.num_rows, &filtered_rows_});
  }
}

std::vector<Column> GroupStates::Export(int64_t begin, int64_t end) {
  MoveAccumulated();
  std::vector<Column> columns;
  for (const auto& states : states_) {
    for (Column& column : states->Export(begin, end)) columns.push_back(std::move(column));
  }
  return columns;
}

void GroupStates::Merge(const uint32_t* group_ids, std::span<const Column> states, const Rows& rows) {
  for (size_t i = 0; i < states_.size(); ++i) {
    const size_t num_columns = (*steps_)[i].call->function().state_types.size();
    states_[i]->Merge(group_ids, states.first(num_columns), rows);
    states = states.subspan(num_columns);
  }
}

std::vector<Column> GroupStates::Finish(int64_t begin, int64_t end) {
  MoveAccumulated();
  std::vector<Column> columns;
  for (size_t i = 0; i < states_.size(); ++i) {
    if ((*steps_)[i].exports_state) {
      for (Column& column : states_[i]->Export(begin, end)) columns.push_back(std::move(column));
    } else {
      columns.push_back(states_[i]->Finish(begin, end));
    }
  }
  return columns;
}

int64_t GroupStates::memory_bytes() const {
  int64_t bytes = 0;
  for (const auto& states : states_) bytes += states->memory_bytes();
  for (const auto& accumulator : accumulators_) bytes += accumulator->memory_bytes();
  return bytes;
}

int64_t GroupStates::BytesToGrowTo(int64_t num_groups) const {
  const int64_t bytes = memory_bytes();
  if (num_groups <= capacity_) return bytes;
  const int64_t per_group =
      std::max<int64_t>(capacity_ > 0 ? bytes / capacity_ : 0, kBytesPerState * static_cast<int64_t>(states_.size()));
  return bytes + per_group * NextCapacity(capacity_, num_groups);
}

}  // namespace quell::execution
