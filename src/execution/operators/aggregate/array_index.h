// Grouping by array index: while the keys have few values, their ids make up an index into an array of group numbers.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "execution/operators/aggregate/key_dimension.h"

namespace quell::execution {

// Not thread-safe.
class ArrayIndex {
 public:
  static constexpr uint32_t kNoGroup = UINT32_MAX;

  // At most 2^max_bits entries. Nullptr if a key does not suit.
  static std::unique_ptr<ArrayIndex> Make(const std::vector<Type>& key_types, int max_bits);

  // Fills group_ids for the selected rows. Rows of new groups are appended to `new_rows`; they get the numbers
  // from `num_groups` on, in that order. False when the keys have too many values: then nothing has changed but the ids
  // of the dimensions, and this index is of no more use.
  bool Find(std::span<const Column> keys, const Rows& rows, uint32_t num_groups, uint32_t* group_ids,
            Selection* new_rows);
  int64_t memory_bytes() const;

 private:
  ArrayIndex(std::vector<std::unique_ptr<KeyDimension>> dimensions, std::vector<size_t> order, int max_bits);
  bool AddAllIds(std::span<const Column> keys, const Rows& rows);
  bool FitsLayout() const;
  bool Relayout();

  std::vector<std::unique_ptr<KeyDimension>> dimensions_;
  const std::vector<size_t> order_;  // dimensions from the lowest bits to the highest
  const int max_bits_;
  std::vector<int> shifts_;
  std::vector<int> bits_;
  std::vector<uint32_t> group_of_index_;
  std::vector<uint32_t> index_of_group_;
  std::vector<uint32_t> indexes_;  // of the rows of this batch
};

}  // namespace quell::execution
