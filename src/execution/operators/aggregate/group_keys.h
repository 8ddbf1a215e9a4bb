// The keys of all groups of a hash table, each with its hash.
#pragma once

#include <cstdint>
#include <vector>

#include "execution/byte_arena.h"
#include "execution/operators/aggregate/key_rows.h"

namespace quell::execution {

// Groups are numbered from 0 in the order they are added. Not thread-safe.
class GroupKeys {
 public:
  explicit GroupKeys(const KeyLayout* layout) : layout_(layout) {}

  int64_t size() const { return static_cast<int64_t>(rows_.size()); }
  // Copies an encoded row; returns the number of its group.
  uint32_t Add(const uint8_t* row, uint32_t size, uint64_t hash);
  uint64_t hash(uint32_t group) const { return hashes_[group]; }
  bool Equals(uint32_t group, const uint8_t* row, uint32_t size) const;
  // The keys of groups [begin, end) as columns.
  std::vector<Column> Columns(int64_t begin, int64_t end) const {
    return DecodeKeys(*layout_, {rows_.data() + begin, static_cast<size_t>(end - begin)});
  }
  int64_t memory_bytes() const {
    return arena_.memory_bytes() +
           static_cast<int64_t>(rows_.capacity() * sizeof(rows_[0]) + hashes_.capacity() * sizeof(hashes_[0]));
  }
  // What it would take at its peak while it grows by some groups; equal to memory_bytes() while they fit.
  int64_t BytesToGrowBy(int64_t num_groups) const;

 private:
  const KeyLayout* const layout_;
  ByteArena arena_;
  std::vector<const uint8_t*> rows_;
  std::vector<uint64_t> hashes_;
};

}  // namespace quell::execution
