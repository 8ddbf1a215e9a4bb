// Maps the values of one group key to small dense ids, for grouping by array index.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "data/column.h"
#include "expression/scalar_kernel.h"

namespace quell::execution {

// Ids count from 1 in the order that values are first met; 0 is NULL. Not thread-safe.
class KeyDimension {
 public:
  virtual ~KeyDimension() = default;
  // The number of ids given so far, NULL's included.
  virtual uint32_t num_ids() const = 0;
  // Adds the id of each selected row, shifted left by `shift`, to indexes[k]. False where the column, or the number of
  // its values, does not suit: then `indexes` hold anything.
  virtual bool AddIds(const Column& key, const Rows& rows, int shift, uint32_t* indexes) = 0;
  virtual int64_t memory_bytes() const = 0;
};

// Nullptr for a type whose values cannot be mapped cheaply.
std::unique_ptr<KeyDimension> MakeKeyDimension(const Type& type);

}  // namespace quell::execution
