#include "execution/operators/aggregate/array_index.h"

#include <algorithm>
#include <bit>

namespace quell::execution {

std::unique_ptr<ArrayIndex> ArrayIndex::Make(const std::vector<Type>& key_types, int max_bits) {
  std::vector<std::unique_ptr<KeyDimension>> dimensions;
  // Numbers (days, weeks) tend to come in order: in the highest bits they keep the entries in use close together.
  std::vector<size_t> order;
  for (size_t i = 0; i < key_types.size(); ++i) {
    dimensions.push_back(MakeKeyDimension(key_types[i]));
    if (!dimensions.back()) return nullptr;
    const bool is_string = key_types[i].id() == TypeId::kString || key_types[i].id() == TypeId::kBinary;
    order.insert(is_string ? order.begin() : order.end(), i);
  }
  if (dimensions.empty() || static_cast<int>(dimensions.size()) > max_bits) return nullptr;
  return std::unique_ptr<ArrayIndex>(new ArrayIndex(std::move(dimensions), std::move(order), max_bits));
}

ArrayIndex::ArrayIndex(std::vector<std::unique_ptr<KeyDimension>> dimensions, std::vector<size_t> order, int max_bits)
    : dimensions_(std::move(dimensions)),
      order_(std::move(order)),
      max_bits_(max_bits),
      shifts_(dimensions_.size()),
      bits_(dimensions_.size(), 0) {
  Relayout();
}

bool ArrayIndex::Find(std::span<const Column> keys, const Rows& rows, uint32_t num_groups, uint32_t* group_ids,
                      Selection* new_rows) {
  while (true) {
    if (!AddAllIds(keys, rows)) return false;
    if (FitsLayout()) break;
    if (!Relayout()) return false;
  }
  const uint32_t* indexes = indexes_.data();
  uint32_t* groups = group_of_index_.data();
  int64_t k = 0;
  rows.ForEach([&](int64_t row) {
    const uint32_t index = indexes[k];
    uint32_t group = groups[index];
    if (group == kNoGroup) [[unlikely]] {
      group = groups[index] = num_groups++;
      index_of_group_.push_back(index);
      new_rows->push_back(static_cast<int32_t>(row));
    }
    group_ids[k++] = group;
  });
  return true;
}

bool ArrayIndex::AddAllIds(std::span<const Column> keys, const Rows& rows) {
  indexes_.assign(rows.count(), 0);
  for (size_t i = 0; i < dimensions_.size(); ++i) {
    if (!dimensions_[i]->AddIds(keys[i], rows, shifts_[i], indexes_.data())) return false;
  }
  return true;
}

bool ArrayIndex::FitsLayout() const {
  for (size_t i = 0; i < dimensions_.size(); ++i) {
    if (dimensions_[i]->num_ids() > (1u << bits_[i])) return false;
  }
  return true;
}

// Gives each dimension the bits that its ids need, and moves the groups there.
bool ArrayIndex::Relayout() {
  const std::vector<int> old_bits = bits_;
  const std::vector<int> old_shifts = shifts_;
  int total_bits = 0;
  for (const size_t i : order_) {
    bits_[i] = std::max(bits_[i], static_cast<int>(std::bit_width(dimensions_[i]->num_ids())));
    shifts_[i] = total_bits;
    total_bits += bits_[i];
  }
  if (total_bits > max_bits_) return false;
  group_of_index_.assign(size_t{1} << total_bits, kNoGroup);
  for (size_t group = 0; group < index_of_group_.size(); ++group) {
    uint32_t index = 0;
    for (size_t i = 0; i < dimensions_.size(); ++i) {
      index |= (index_of_group_[group] >> old_shifts[i] & ((1u << old_bits[i]) - 1)) << shifts_[i];
    }
    index_of_group_[group] = index;
    group_of_index_[index] = static_cast<uint32_t>(group);
  }
  return true;
}

int64_t ArrayIndex::memory_bytes() const {
  auto bytes =
      static_cast<int64_t>((group_of_index_.capacity() + index_of_group_.capacity() + indexes_.capacity()) * 4);
  for (const auto& dimension : dimensions_) bytes += dimension->memory_bytes();
  return bytes;
}

}  // namespace quell::execution
