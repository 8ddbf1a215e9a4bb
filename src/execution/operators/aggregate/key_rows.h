// Group keys as rows of bytes: two rows are equal exactly if their bytes are.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "data/column.h"
#include "expression/scalar_kernel.h"

namespace quell::execution {

// A row begins with a bit for each key that is NULL; then come the keys of fixed width, one after the other (zero where
// NULL), then the others (length in 32 bits and bytes; nothing where NULL). Floating-point keys are normalized: one
// NaN, no -0.
class KeyLayout {
 public:
  explicit KeyLayout(std::vector<Type> types);

  const std::vector<Type>& types() const { return types_; }
  bool is_fixed() const { return variable_keys_.empty(); }
  int32_t fixed_width() const { return fixed_width_; }

 private:
  friend class KeyEncoder;
  friend class KeyDecoder;
  std::vector<Type> types_;
  std::vector<int32_t> offsets_;    // of each fixed key within a row; -1 for the others
  std::vector<int> variable_keys_;  // positions
  int32_t fixed_width_ = 0;         // of the row without variable keys
};

// Encodes batches; the rows stay valid until the next call. Not thread-safe.
class KeyEncoder {
 public:
  explicit KeyEncoder(const KeyLayout* layout) : layout_(layout) {}

  void Encode(std::span<const Column> keys, const Rows& rows);
  // Row k of the encoded (selected) rows.
  const uint8_t* row(int64_t k) const { return bytes_.data() + Offset(k); }
  uint32_t size(int64_t k) const { return static_cast<uint32_t>(Offset(k + 1) - Offset(k)); }

 private:
  uint64_t Offset(int64_t k) const {
    return layout_->is_fixed() ? static_cast<uint64_t>(k) * static_cast<uint64_t>(layout_->fixed_width_) : offsets_[k];
  }
  void LayOut(std::span<const Column> keys, const Rows& rows);
  void EncodeFixed(const Column& key, int position);
  void EncodeVariable(const Column& key, int position);
  void Locate(const Column& key, const Rows& rows, int position);
  void MarkNulls(int position);

  const KeyLayout* const layout_;
  std::vector<uint8_t> bytes_;
  std::vector<uint64_t> offsets_;  // of rows that differ in length
  std::vector<uint64_t> cursors_;
  // For each key: the index of its value for row k (into the dictionary's values, where there is one), or -1 for NULL.
  std::vector<std::vector<int32_t>> indexes_;
  std::vector<bool> has_nulls_;                   // by key
  std::vector<std::vector<std::string>> nested_;  // encoded values of nested keys, by key and row
};

// Columns of the rows, one for each key.
std::vector<Column> DecodeKeys(const KeyLayout& layout, std::span<const uint8_t* const> rows);

}  // namespace quell::execution
