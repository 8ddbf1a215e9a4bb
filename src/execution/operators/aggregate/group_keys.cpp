#include "execution/operators/aggregate/group_keys.h"

#include <algorithm>
#include <cstring>

namespace quell::execution {
namespace {

uint64_t Load(const uint8_t* from) {
  uint64_t word;
  std::memcpy(&word, from, sizeof(word));
  return word;
}

// Most keys are short: words that overlap cover them.
bool SameBytes(const uint8_t* a, const uint8_t* b, uint32_t size) {
  if (size >= 8 && size <= 16) return ((Load(a) ^ Load(b)) | (Load(a + size - 8) ^ Load(b + size - 8))) == 0;
  return std::memcmp(a, b, size) == 0;
}

constexpr int64_t kBytesPerGroup = sizeof(const uint8_t*) + sizeof(uint64_t);

}  // namespace

uint32_t GroupKeys::Add(const uint8_t* row, uint32_t size, uint64_t hash) {
  // Variable rows carry their size in front, which a comparison looks at first.
  const size_t header = layout_->is_fixed() ? 0 : sizeof(uint32_t);
  uint8_t* to = arena_.Allocate(header + size);
  if (header > 0) std::memcpy(to, &size, sizeof(size));
  std::memcpy(to + header, row, size);
  rows_.push_back(to + header);
  hashes_.push_back(hash);
  return static_cast<uint32_t>(rows_.size()) - 1;
}

bool GroupKeys::Equals(uint32_t group, const uint8_t* row, uint32_t size) const {
  const uint8_t* mine = rows_[group];
  if (!layout_->is_fixed()) {
    uint32_t my_size;
    std::memcpy(&my_size, mine - sizeof(my_size), sizeof(my_size));
    if (my_size != size) return false;
  }
  return SameBytes(mine, row, size);
}

int64_t GroupKeys::BytesToGrowBy(int64_t num_groups) const {
  const int64_t row_bytes = size() > 0 ? arena_.memory_bytes() / size() + 1 : layout_->fixed_width();
  const int64_t arena_growth = std::max<int64_t>(num_groups * row_bytes - arena_.free_bytes(), 0);
  const auto capacity = static_cast<int64_t>(rows_.capacity());
  if (size() + num_groups <= capacity) return memory_bytes() + arena_growth;
  return memory_bytes() + arena_growth + std::max(2 * capacity, size() + num_groups) * kBytesPerGroup;
}

}  // namespace quell::execution
