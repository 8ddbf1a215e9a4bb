#include "execution/operators/aggregate/number_accumulator.h"

#include <algorithm>
#include <numeric>

#include "data/buffers.h"
#include "data/visit_type.h"

namespace quell::execution {
namespace {

constexpr int32_t kMaxDigits = 14;
constexpr int64_t kGroupsPerMove = 4096;

// Rows that can be added before a sum could overflow; 0 where the type does not suit.
int64_t MaxRows(const Type& type) {
  switch (type.id()) {
    case TypeId::kByte:
    case TypeId::kShort:
    case TypeId::kInt: return int64_t{1} << 32;
    case TypeId::kDecimal: {
      if (type.precision() > kMaxDigits) return 0;
      int64_t bound = 1;
      for (int32_t digit = 0; digit < type.precision(); ++digit) bound *= 10;
      return INT64_MAX / bound;
    }
    default: return 0;
  }
}

// A flat column of `type`, whose native type is of 1 to 16 bytes, of get(group) for each group; NULL where
// !is_valid(group).
template <typename Get, typename IsValid>
Column MakeColumnOf(const Type& type, int64_t begin, int64_t end, Get&& get, IsValid&& is_valid) {
  const int64_t count = end - begin;
  BufferPtr validity = AllocateBits(count, false);
  for (int64_t i = 0; i < count; ++i) {
    if (is_valid(begin + i)) SetBit(validity->mutable_data(), i);
  }
  return VisitFixedWidth(
      type,
      [&](auto tag) {
        using T = typename decltype(tag)::Native;
        BufferPtr values = AllocateBytes(count * static_cast<int64_t>(sizeof(T)));
        auto* to = reinterpret_cast<T*>(values->mutable_data());
        for (int64_t i = 0; i < count; ++i) to[i] = static_cast<T>(get(begin + i));
        return MakeFlat(type, count, std::move(values), std::move(validity));
      },
      [&]() -> Column { QUELL_CHECK(false); });
}

}  // namespace

bool NumberAccumulator::TakesPart(const AggregateStep& step, int column, Part* part) {
  const std::string& name = step.call->name();
  const std::vector<Type>& states = step.call->function().state_types;
  if (step.filter || step.merges_states) return false;
  if (name == "count" && step.inputs.empty()) {
    *part = Part::kRows;
    return true;
  }
  if (step.inputs != std::vector<int>{column}) return false;
  if (name == "count") {
    *part = Part::kCount;
  } else if (name == "sum" && states.size() == 1) {
    *part = Part::kSum;
  } else if (name == "avg" && states.size() == 2 && states[0].id() == TypeId::kDecimal) {
    *part = Part::kAverage;
  } else if (name == "min" && states.size() == 1) {
    *part = Part::kMin;
  } else if (name == "max" && states.size() == 1) {
    *part = Part::kMax;
  } else {
    return false;
  }
  return true;
}

std::vector<std::unique_ptr<NumberAccumulator>> NumberAccumulator::MakeFor(const std::vector<AggregateStep>& steps,
                                                                           const Schema& input) {
  std::vector<std::unique_ptr<NumberAccumulator>> accumulators;
  std::vector<bool> is_taken(steps.size(), false);
  for (const AggregateStep& first : steps) {
    if (first.inputs.size() != 1 || first.merges_states) continue;
    const int column = first.inputs[0];
    const Type& type = input.field(column).type;
    if (MaxRows(type) == 0) continue;
    auto accumulator = std::unique_ptr<NumberAccumulator>(new NumberAccumulator(column, type, MaxRows(type)));
    for (size_t i = 0; i < steps.size(); ++i) {
      Part part;
      if (is_taken[i] || !TakesPart(steps[i], column, &part)) continue;
      accumulator->steps_.push_back(i);
      accumulator->functions_.push_back(&steps[i].call->function());
      accumulator->parts_.push_back(part);
    }
    if (accumulator->steps_.size() < 2) continue;
    for (const size_t i : accumulator->steps_) is_taken[i] = true;
    accumulators.push_back(std::move(accumulator));
  }
  return accumulators;
}

void NumberAccumulator::Resize(int64_t num_groups) {
  totals_.resize(num_groups);
  if (!null_rows_.empty()) null_rows_.resize(num_groups);
}

void NumberAccumulator::Update(const uint32_t* group_ids, const Batch& input) {
  const Rows rows{input.num_rows, input.selection.get()};
  const Column& column = input.columns[column_];
  rows_ += rows.count();
  VisitFixedWidth(
      type_,
      [&](auto tag) {
        using T = typename decltype(tag)::Native;
        if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) Add<T>(group_ids, column, rows);
      },
      [] {});
}

template <typename T>
void NumberAccumulator::Add(const uint32_t* group_ids, const Column& column, const Rows& rows) {
  switch (column.encoding) {
    case Encoding::kFlat:
      return AddValues(group_ids, column, rows, [values = column.values<T>()](int64_t row) { return values[row]; });
    case Encoding::kDictionary: {
      const T* values = column.data->dictionary->GetValues<T>(1);
      const auto* codes = column.values<int32_t>();
      return AddValues(group_ids, column, rows, [=](int64_t row) { return values[codes[row]]; });
    }
    case Encoding::kConstant: {
      const Column flat = Flatten(column, rows.num_rows);
      return AddValues(group_ids, flat, rows, [values = flat.values<T>()](int64_t row) { return values[row]; });
    }
  }
}

template <typename GetValue>
void NumberAccumulator::AddValues(const uint32_t* group_ids, const Column& column, const Rows& rows,
                                  GetValue get_value) {
  Totals* const totals = totals_.data();
  const auto add = [=](uint32_t group, int64_t value) {
    Totals& total = totals[group];
    total.sum += value;
    ++total.count;
    total.min = std::min(total.min, value);
    total.max = std::max(total.max, value);
  };
  const uint8_t* validity = column.validity();
  if (!validity) {
    if (rows.selection) {
      const int32_t* selected = rows.selection->data();
      const int64_t count = rows.count();
      for (int64_t k = 0; k < count; ++k) add(group_ids[k], get_value(selected[k]));
    } else {
      for (int64_t row = 0; row < rows.num_rows; ++row) add(group_ids[row], get_value(row));
    }
    return;
  }
  null_rows_.resize(totals_.size());
  const int64_t offset = column.data->offset;
  int64_t k = 0;
  rows.ForEach([&](int64_t row) {
    const uint32_t group = group_ids[k++];
    if (GetBit(validity, offset + row)) {
      add(group, get_value(row));
    } else {
      ++null_rows_[group];
    }
  });
}

std::vector<Column> NumberAccumulator::StateColumns(Part part, const AggregateFunction& function, int64_t begin,
                                                    int64_t end) const {
  const std::vector<Type>& types = function.state_types;
  const auto always = [](int64_t) { return true; };
  const auto is_seen = [this](int64_t group) { return totals_[group].count > 0; };
  const auto count = [this](int64_t group) { return totals_[group].count; };
  const auto sum = [this](int64_t group) { return totals_[group].sum; };
  const auto rows = [this](int64_t group) {
    return totals_[group].count + (null_rows_.empty() ? 0 : null_rows_[group]);
  };
  switch (part) {
    case Part::kRows: return {MakeColumnOf(types[0], begin, end, rows, always)};
    case Part::kCount: return {MakeColumnOf(types[0], begin, end, count, always)};
    case Part::kSum: return {MakeColumnOf(types[0], begin, end, sum, is_seen)};
    case Part::kAverage:
      return {MakeColumnOf(types[0], begin, end, sum, is_seen), MakeColumnOf(types[1], begin, end, count, always)};
    case Part::kMin:
      return {MakeColumnOf(types[0], begin, end, [this](int64_t group) { return totals_[group].min; }, is_seen)};
    case Part::kMax:
      return {MakeColumnOf(types[0], begin, end, [this](int64_t group) { return totals_[group].max; }, is_seen)};
  }
  return {};
}

void NumberAccumulator::MoveTo(std::span<const std::unique_ptr<AggregateStates>> states) {
  if (rows_ == 0) return;
  std::vector<uint32_t> group_ids(kGroupsPerMove);
  const auto num_groups = static_cast<int64_t>(totals_.size());
  for (int64_t begin = 0; begin < num_groups; begin += kGroupsPerMove) {
    const int64_t end = std::min(begin + kGroupsPerMove, num_groups);
    std::iota(group_ids.begin(), group_ids.end(), static_cast<uint32_t>(begin));
    for (size_t i = 0; i < steps_.size(); ++i) {
      states[steps_[i]]->Merge(group_ids.data(), StateColumns(parts_[i], *functions_[i], begin, end),
                               Rows{end - begin, nullptr});
    }
  }
  std::fill(totals_.begin(), totals_.end(), Totals());
  null_rows_.clear();
  rows_ = 0;
}

int64_t NumberAccumulator::memory_bytes() const {
  return static_cast<int64_t>(totals_.capacity() * sizeof(Totals) + null_rows_.capacity() * sizeof(int64_t));
}

}  // namespace quell::execution
