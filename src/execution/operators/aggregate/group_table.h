// Numbers the groups of rows by their keys.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "execution/operators/aggregate/array_index.h"
#include "execution/operators/aggregate/group_keys.h"
#include "execution/operators/aggregate/key_rows.h"

namespace quell::execution {

// Begins with grouping by array index, and turns to hashing when the keys have too many values for that. Without keys
// there is one group. Not thread-safe.
class GroupTable {
 public:
  // `max_array_bits` bounds the array to 2^bits entries of 4 bytes; 0: hash from the start.
  GroupTable(std::vector<Type> key_types, int max_array_bits);
  GroupTable(const GroupTable&) = delete;
  GroupTable& operator=(const GroupTable&) = delete;

  // group_ids[k] is the group of the k-th selected row; new keys make new groups.
  void FindOrAdd(std::span<const Column> keys, const Rows& rows, uint32_t* group_ids);

  bool is_hashing() const { return array_ == nullptr; }
  int64_t num_groups() const { return has_keys() ? keys_.size() : 1; }
  uint64_t hash(uint32_t group) const { return has_keys() ? keys_.hash(group) : 0; }
  std::vector<Column> Keys(int64_t begin, int64_t end) const {
    return has_keys() ? keys_.Columns(begin, end) : std::vector<Column>();
  }

  int64_t memory_bytes() const;
  // What it would take at its peak while it grows by some groups.
  int64_t BytesToGrowBy(int64_t num_groups) const;

 private:
  bool has_keys() const { return !layout_.types().empty(); }
  void AddNewGroups(std::span<const Column> keys, const Rows& rows);
  void FindByHash(std::span<const Column> keys, const Rows& rows, uint32_t* group_ids);
  void GrowSlots(int64_t num_groups);

  const KeyLayout layout_;
  KeyEncoder encoder_;
  GroupKeys keys_;
  std::unique_ptr<ArrayIndex> array_;  // nullptr: hashing
  Selection new_rows_;
  std::vector<uint64_t> hashes_;  // of the rows of this batch
  // Open addressing: the upper half of the hash, and the group + 1; 0 is free.
  std::vector<uint64_t> slots_;
};

}  // namespace quell::execution
