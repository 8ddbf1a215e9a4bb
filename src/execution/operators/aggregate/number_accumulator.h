// Sum, count, minimum and maximum of a number, side by side: several aggregates of one column in one pass over the
// rows.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "execution/physical/node.h"
#include "expression/aggregate_function.h"

namespace quell::execution {

// Stands before the states of some steps: rows are gathered here, and merged into those states from time to time. For
// integers of up to 32 bits and decimals of up to 14 digits, whose sums fit 64 bits for long enough. Not thread-safe.
class NumberAccumulator {
 public:
  // Accumulators for those of the steps that share a column, two at least, in groups of steps of the same column.
  static std::vector<std::unique_ptr<NumberAccumulator>> MakeFor(const std::vector<AggregateStep>& steps,
                                                                 const Schema& input);

  const std::vector<size_t>& steps() const { return steps_; }
  void Resize(int64_t num_groups);
  void Update(const uint32_t* group_ids, const Batch& input);
  // True when rows must be moved before `count` more are added.
  bool is_full(int64_t count) const { return rows_ + count > max_rows_; }
  // Merges what was gathered into the states of the steps (by position), and begins anew.
  void MoveTo(std::span<const std::unique_ptr<AggregateStates>> states);
  int64_t memory_bytes() const;

 private:
  struct Totals {
    int64_t sum = 0;
    int64_t count = 0;
    int64_t min = INT64_MAX;
    int64_t max = INT64_MIN;
  };
  // What a step takes of the totals.
  enum class Part : uint8_t { kRows, kCount, kSum, kAverage, kMin, kMax };

  NumberAccumulator(int column, Type type, int64_t max_rows)
      : column_(column), type_(std::move(type)), max_rows_(max_rows) {}
  static bool TakesPart(const AggregateStep& step, int column, Part* part);
  template <typename T>
  void Add(const uint32_t* group_ids, const Column& column, const Rows& rows);
  template <typename GetValue>
  void AddValues(const uint32_t* group_ids, const Column& column, const Rows& rows, GetValue get_value);
  std::vector<Column> StateColumns(Part part, const AggregateFunction& function, int64_t begin, int64_t end) const;

  const int column_;
  const Type type_;
  const int64_t max_rows_;
  std::vector<size_t> steps_;
  std::vector<const AggregateFunction*> functions_;
  std::vector<Part> parts_;
  std::vector<Totals> totals_;
  std::vector<int64_t> null_rows_;  // rows where the number is NULL, which count(*) counts; empty while there is none
  int64_t rows_ = 0;
};

}  // namespace quell::execution
