// States of sums, which avg and others are made of, too.
#pragma once

#include "expression/aggregates/states.h"
#include "expression/decimal.h"
#include "expression/functions/arithmetic.h"

namespace quell {

// Spark's type of sum(argument): 10 digits more for a decimal, BIGINT for integers, DOUBLE for fractions.
Type SumType(const Type& argument);
AggregateFunction SumFunction(const Type& argument, OverflowMode mode);

// Sums of `In` kept as `Sum`, which is also how the state column holds them (`State`). A group is NULL until it saw a
// value; one that overflowed is marked, and raises its error (or is NULL) at the end.
template <typename In, typename Sum, typename State>
class SumStates final : public AggregateStates {
 public:
  SumStates(Type result, OverflowMode mode, int32_t) : result_(std::move(result)), mode_(mode) {}

  void Resize(int64_t num_groups) override {
    sums_.resize(static_cast<size_t>(num_groups));
    seen_.resize(static_cast<size_t>(num_groups));
  }

  void Update(const uint32_t* group_ids, std::span<const Column> arguments, const Rows& rows) override {
    Add<In>(group_ids, WithoutDictionary(arguments[0], rows), rows);
  }

  void Merge(const uint32_t* group_ids, std::span<const Column> states, const Rows& rows) override {
    Add<State>(group_ids, states[0], rows);
  }

  std::vector<Column> Export(int64_t begin, int64_t end) const override { return {Finish(begin, end)}; }

  Column Finish(int64_t begin, int64_t end) const override {
    std::vector<uint8_t> valid(seen_.begin() + begin, seen_.begin() + end);
    if constexpr (std::is_same_v<Sum, Int128>) {
      for (int64_t group = begin; group < end; ++group) {
        if (FitsPrecision(sums_[static_cast<size_t>(group)], result_.precision())) continue;
        if (mode_ == OverflowMode::kRaise) ThrowOverflow("sum of decimals", "try_sum");
        valid[static_cast<size_t>(group - begin)] = 0;
      }
    }
    for (uint8_t& flag : valid) flag = flag == 1;
    return ColumnOfGroups<State>(result_, begin, end, SeenBits(valid, 0, end - begin),
                                 [&](size_t group) { return static_cast<State>(sums_[group]); });
  }

  int64_t memory_bytes() const override { return VectorBytes(sums_) + VectorBytes(seen_); }

 private:
  static constexpr uint8_t kOverflowed = 2;

  template <typename T>
  void Add(const uint32_t* group_ids, const Column& column, const Rows& rows) {
    if constexpr (std::is_floating_point_v<Sum>) {
      // One chain of additions for each group, in the order of the rows: the sum is the same whatever the batches.
      const Reader<T> values(column);
      ForEachValid(column, rows, [&](int64_t k, int64_t row) {
        const uint32_t group = group_ids[k];
        sums_[group] += static_cast<Sum>(values[row]);
        seen_[group] = 1;
      });
    } else {
      const Reader<T> values(column);
      ForEachValid(column, rows, [&](int64_t k, int64_t row) {
        const uint32_t group = group_ids[k];
        if (__builtin_add_overflow(sums_[group], static_cast<Sum>(values[row]), &sums_[group])) [[unlikely]] {
          Overflow(group);
        } else {
          seen_[group] |= 1;
        }
      });
    }
  }

  void Overflow(uint32_t group) {
    if (result_.is_interval() && mode_ != OverflowMode::kNull) {
      throw Error(kIntervalOverflowWithSuggestion, "a sum of intervals overflows; use try_sum to get NULL instead");
    }
    if (mode_ == OverflowMode::kRaise) ThrowOverflow("long", "try_sum");
    if (mode_ == OverflowMode::kNull || std::is_same_v<Sum, Int128>) seen_[group] |= kOverflowed;
  }

  const Type result_;
  const OverflowMode mode_;
  std::vector<Sum> sums_;
  std::vector<uint8_t> seen_;
};

// Decimals of up to this many digits can be added in 64 bits thousands of times before they could overflow.
inline constexpr int32_t kMaxBufferedPrecision = 14;

// Sums of short decimals: added in 64 bits, and carried to the exact totals before any group could overflow.
template <typename Total>
class DecimalSumStates final : public AggregateStates {
 public:
  DecimalSumStates(Type result, OverflowMode mode, int32_t precision)
      : result_(std::move(result)),
        mode_(mode),
        max_rows_(static_cast<int64_t>((Int128{1} << 63) / PowerOfTen(precision)) - 1) {}

  void Resize(int64_t num_groups) override {
    const auto size = static_cast<size_t>(num_groups);
    sums_.resize(size);
    seen_.resize(size);
    if constexpr (kHasTotals) totals_.resize(size);
  }

  void Update(const uint32_t* group_ids, std::span<const Column> arguments, const Rows& rows) override {
    if (kHasTotals && rows_since_carry_ + rows.count() > max_rows_) Carry();
    rows_since_carry_ += rows.count();
    const Column column = WithoutDictionary(arguments[0], rows);
    if (column.encoding == Encoding::kConstant) {
      AddRows(group_ids, column, rows, [value = column.values<int64_t>()[0]](int64_t) { return value; });
    } else {
      AddRows(group_ids, column, rows, [values = column.values<int64_t>()](int64_t row) { return values[row]; });
    }
  }

  void Merge(const uint32_t* group_ids, std::span<const Column> states, const Rows& rows) override {
    const Reader<Total> values(states[0]);
    ForEachValid(states[0], rows, [&](int64_t k, int64_t row) {
      const uint32_t group = group_ids[k];
      if constexpr (kHasTotals) {
        totals_[group] += values[row];
      } else {
        sums_[group] += values[row];
      }
      seen_[group] = 1;
    });
  }

  std::vector<Column> Export(int64_t begin, int64_t end) const override { return {Finish(begin, end)}; }

  Column Finish(int64_t begin, int64_t end) const override {
    std::vector<uint8_t> valid(seen_.begin() + begin, seen_.begin() + end);
    const auto total = [&](size_t group) {
      if constexpr (kHasTotals) {
        return static_cast<Total>(totals_[group] + sums_[group]);
      } else {
        return sums_[group];
      }
    };
    for (int64_t group = begin; group < end; ++group) {
      if (FitsPrecision(total(static_cast<size_t>(group)), result_.precision())) continue;
      if (mode_ == OverflowMode::kRaise) ThrowOverflow("sum of decimals", "try_sum");
      valid[static_cast<size_t>(group - begin)] = 0;
    }
    return ColumnOfGroups<Total>(result_, begin, end, SeenBits(valid, 0, end - begin), total);
  }

  int64_t memory_bytes() const override { return VectorBytes(sums_) + VectorBytes(totals_) + VectorBytes(seen_); }

 private:
  static constexpr bool kHasTotals = sizeof(Total) == 16;

  template <typename Values>
  void AddRows(const uint32_t* group_ids, const Column& column, const Rows& rows, Values values) {
    if (sums_.size() == 1) {
      int64_t sum = 0;
      bool any = false;
      ForEachValid(column, rows, [&](int64_t, int64_t row) {
        sum += values(row);
        any = true;
      });
      sums_[0] += sum;
      seen_[0] |= any;
      return;
    }
    int64_t* sums = sums_.data();
    uint8_t* seen = seen_.data();
    ForEachValid(column, rows, [=](int64_t k, int64_t row) {
      const uint32_t group = group_ids[k];
      sums[group] += values(row);
      seen[group] = 1;
    });
  }

  void Carry() {
    for (size_t group = 0; group < totals_.size(); ++group) {
      totals_[group] += sums_[group];
      sums_[group] = 0;
    }
    rows_since_carry_ = 0;
  }

  const Type result_;
  const OverflowMode mode_;
  const int64_t max_rows_;  // that 64 bits can add
  int64_t rows_since_carry_ = 0;
  std::vector<int64_t> sums_;
  std::vector<Total> totals_;
  std::vector<uint8_t> seen_;
};

}  // namespace quell
