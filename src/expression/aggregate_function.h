// How an aggregate function is computed: states in columns of fixed-size slots, merged across threads and spills.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "data/column.h"
#include "expression/scalar_kernel.h"

namespace quell {

// The states of one aggregate for all groups of one hash table, group ids 0..n-1. Not thread-safe. Every function must
// have a state that can be written to columns and merged back, so that grouping can spill and threads can combine.
class AggregateStates {
 public:
  virtual ~AggregateStates() = default;
  // Makes room for groups up to `num_groups`; new ones are empty.
  virtual void Resize(int64_t num_groups) = 0;
  // Adds the selected rows: row r goes to group group_ids[k], where k counts the selected rows (k = r without a
  // selection).
  virtual void Update(const uint32_t* group_ids, std::span<const Column> arguments, const Rows& rows) = 0;
  // As Update, from state columns that Export made.
  virtual void Merge(const uint32_t* group_ids, std::span<const Column> states, const Rows& rows) = 0;
  // The states of groups [begin, end) as columns of AggregateFunction::state_types.
  virtual std::vector<Column> Export(int64_t begin, int64_t end) const = 0;
  // The final values of groups [begin, end).
  virtual Column Finish(int64_t begin, int64_t end) const = 0;
  virtual int64_t memory_bytes() const = 0;
};

struct AggregateFunction {
  std::vector<Type> argument_types;
  Type result_type;
  std::vector<Type> state_types;
  std::function<std::unique_ptr<AggregateStates>()> make_states;
  // Distinguishes functions of one name (settings they were bound with), for Equal().
  std::string variant = {};
  // Value of a group without rows is NULL (else 0, as for count).
  bool null_when_empty = true;
};

}  // namespace quell
