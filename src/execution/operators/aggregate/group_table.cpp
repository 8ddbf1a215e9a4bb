#include "execution/operators/aggregate/group_table.h"

#include <xxhash.h>

#include <algorithm>
#include <bit>

namespace quell::execution {
namespace {

constexpr uint64_t kTagMask = 0xFFFFFFFF00000000ull;
// Slots ahead that are fetched while a row is looked up.
constexpr int64_t kPrefetchDistance = 12;

uint64_t HashRow(const uint8_t* row, uint32_t size) { return XXH3_64bits(row, size); }

}  // namespace

GroupTable::GroupTable(std::vector<Type> key_types, int max_array_bits)
    : layout_(std::move(key_types)), encoder_(&layout_), keys_(&layout_) {
  if (max_array_bits > 0) array_ = ArrayIndex::Make(layout_.types(), max_array_bits);
}

void GroupTable::FindOrAdd(std::span<const Column> keys, const Rows& rows, uint32_t* group_ids) {
  if (!has_keys()) {
    std::fill_n(group_ids, rows.count(), 0);
    return;
  }
  if (array_) {
    new_rows_.clear();
    if (array_->Find(keys, rows, static_cast<uint32_t>(keys_.size()), group_ids, &new_rows_)) {
      if (!new_rows_.empty()) AddNewGroups(keys, Rows{rows.num_rows, &new_rows_});
      return;
    }
    array_.reset();
  }
  FindByHash(keys, rows, group_ids);
}

void GroupTable::AddNewGroups(std::span<const Column> keys, const Rows& rows) {
  encoder_.Encode(keys, rows);
  for (int64_t k = 0; k < rows.count(); ++k) {
    keys_.Add(encoder_.row(k), encoder_.size(k), HashRow(encoder_.row(k), encoder_.size(k)));
  }
}

void GroupTable::FindByHash(std::span<const Column> keys, const Rows& rows, uint32_t* group_ids) {
  const int64_t count = rows.count();
  encoder_.Encode(keys, rows);
  hashes_.resize(count);
  for (int64_t k = 0; k < count; ++k) hashes_[k] = HashRow(encoder_.row(k), encoder_.size(k));
  GrowSlots(keys_.size() + count);
  uint64_t* const slots = slots_.data();
  const uint64_t mask = slots_.size() - 1;
  for (int64_t k = 0; k < count; ++k) {
    if (k + kPrefetchDistance < count) __builtin_prefetch(&slots[hashes_[k + kPrefetchDistance] & mask]);
    const uint64_t hash = hashes_[k];
    const uint8_t* const row = encoder_.row(k);
    const uint32_t size = encoder_.size(k);
    uint64_t at = hash & mask;
    while (true) {
      const uint64_t slot = slots[at];
      if (slot == 0) {
        group_ids[k] = keys_.Add(row, size, hash);
        slots[at] = (hash & kTagMask) | (uint64_t{group_ids[k]} + 1);
        break;
      }
      const auto group = static_cast<uint32_t>(slot) - 1;
      if (((slot ^ hash) & kTagMask) == 0 && keys_.Equals(group, row, size)) {
        group_ids[k] = group;
        break;
      }
      at = (at + 1) & mask;
    }
  }
}

// Makes room for `num_groups` at a load of at most two thirds.
void GroupTable::GrowSlots(int64_t num_groups) {
  const auto needed = static_cast<uint64_t>(num_groups + num_groups / 2);
  if (needed <= slots_.size()) return;
  slots_ = {};  // The old ones go first.
  slots_.resize(std::bit_ceil(std::max<uint64_t>(needed, 1024)));
  const uint64_t mask = slots_.size() - 1;
  for (uint32_t group = 0; group < keys_.size(); ++group) {
    const uint64_t hash = keys_.hash(group);
    uint64_t at = hash & mask;
    while (slots_[at] != 0) at = (at + 1) & mask;
    slots_[at] = (hash & kTagMask) | (uint64_t{group} + 1);
  }
}

int64_t GroupTable::memory_bytes() const {
  return keys_.memory_bytes() + static_cast<int64_t>((slots_.capacity() + hashes_.capacity()) * sizeof(uint64_t)) +
         (array_ ? array_->memory_bytes() : 0);
}

int64_t GroupTable::BytesToGrowBy(int64_t num_groups) const {
  int64_t bytes = memory_bytes() - keys_.memory_bytes() + keys_.BytesToGrowBy(num_groups);
  const int64_t total = keys_.size() + num_groups;
  const auto needed = static_cast<uint64_t>(total + total / 2);
  if (!array_ && needed > slots_.size()) {
    bytes += static_cast<int64_t>((std::bit_ceil(needed) - slots_.size()) * sizeof(uint64_t));
  }
  return bytes;
}

}  // namespace quell::execution
