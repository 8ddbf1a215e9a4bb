// Sort keys as bytes: rows are in order when their bytes are.
#pragma once

#include <cstdint>
#include <vector>

#include "data/column.h"
#include "execution/physical/node.h"
#include "expression/evaluator.h"

namespace quell::execution {

// Each key begins with a byte that puts NULLs first or last. Numbers follow big-endian with the sign bit turned,
// strings with 0 as 0 255 and 0 0 at their end; all of that inverted where the order is descending. NaN is the largest
// number, and -0 equals 0. Not thread-safe.
class SortKeyEncoder {
 public:
  explicit SortKeyEncoder(const std::vector<PhysicalSortKey>& keys);

  // Encodes the selected rows; they stay valid until the next call.
  void Encode(const Batch& batch);
  const uint8_t* row(int64_t k) const { return bytes_.data() + offsets_[k]; }
  uint32_t size(int64_t k) const { return static_cast<uint32_t>(offsets_[k + 1] - offsets_[k]); }

 private:
  struct Key {
    Evaluator evaluator;
    bool ascending;
    uint8_t null_marker;
    Column values = {};                 // flat or constant, of the current batch
    std::vector<int32_t> indexes = {};  // into values, by row; -1: NULL
    std::vector<std::string> nested = {};
  };

  static void Locate(const Batch& batch, Key* key);
  void AddSizes(Key* key);
  void Write(const Key& key);

  std::vector<Key> keys_;
  std::vector<uint8_t> bytes_;
  std::vector<uint64_t> offsets_;
  std::vector<uint64_t> cursors_;
};

}  // namespace quell::execution
