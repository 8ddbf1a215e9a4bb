// Gathers the values of a batch of a leaf column: codes of a dictionary as long as possible, else flat values.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <arrow/buffer_builder.h>

#include "base/memory_pool.h"
#include "storage/parquet/decode/level_decoder.h"
#include "storage/parquet/leaf_type.h"

namespace quell::storage {

// The dictionary of a column chunk: as stored, and as a flat array for columns to refer to.
struct LeafDictionary {
  StoredValues stored;
  ArrayDataPtr converted;
  std::vector<int32_t> narrow;  // the values of a large dictionary of 8 bytes each, where all fit; else empty

  // Half the bytes stay in a cache twice as near: values are looked up at random.
  void MakeNarrow();
  int64_t size() const { return stored.length; }
  std::string_view bytes(uint32_t code) const {
    const auto* offsets = reinterpret_cast<const int32_t*>(stored.offsets->data());
    return {reinterpret_cast<const char*>(stored.values->data()) + offsets[code],
            static_cast<size_t>(offsets[code + 1] - offsets[code])};
  }
};

// Built for one batch of `num_rows` rows. Rows come in order, through AppendGap or through validity() and one of the
// Append functions, which take one dense value for each of the `count` rows that is valid.
class LeafBuilder {
 public:
  LeafBuilder(const LeafType& leaf, int64_t num_rows) : leaf_(leaf), num_rows_(num_rows), validity_(num_rows) {}

  // Where the validity of the next rows goes, before their values.
  ValidityBuilder* validity() { return &validity_; }
  // Rows that nobody looks at.
  void AppendGap(int64_t count);

  // Whether codes may come: true until flat values were appended.
  bool keeps_codes() const { return !is_flat_; }
  // Where `count` codes of valid rows are to be decoded; then AppendCodes takes them.
  std::span<uint32_t> CodesFor(int64_t count, int64_t valid);
  void AppendCodes(int64_t count, int64_t valid);
  // Fixed width: where `valid` dense values are to be decoded; then AppendFixed takes them.
  uint8_t* FixedFor(int64_t count, int64_t valid, const LeafDictionary* dictionary);
  void AppendFixed(int64_t count, int64_t valid);
  void AppendBytes(std::span<const std::string_view> values, int64_t count, const LeafDictionary* dictionary);
  // The values that codes stand for.
  void AppendDecoded(std::span<const uint32_t> codes, int64_t count, const LeafDictionary& dictionary);

  Column Finish(const LeafDictionary* dictionary);
  // Flat values before their conversion.
  StoredValues FinishStored();

 private:
  bool is_bytes() const { return leaf_.stored_width == 0; }
  // Turns what came as codes into flat values.
  void BecomeFlat(const LeafDictionary* dictionary);
  bool IsValid(int64_t row) const { return !validity_.bits() || (validity_.bits()[row / 8] >> (row % 8) & 1); }
  // Spreads dense values at the end of a segment of `count` rows to the rows that are valid.
  template <typename T>
  void Spread(const T* dense, int64_t count, T* out);
  void SpreadFixed(const uint8_t* dense, int64_t count, uint8_t* out);

  const LeafType& leaf_;
  const int64_t num_rows_;
  ValidityBuilder validity_;
  int64_t row_ = 0;
  bool is_flat_ = false;
  std::shared_ptr<arrow::Buffer> codes_;
  std::shared_ptr<arrow::Buffer> values_;   // fixed width
  std::shared_ptr<arrow::Buffer> offsets_;  // variable length
  arrow::BufferBuilder bytes_{EnginePool()};
  std::vector<uint32_t> dense_codes_;
  std::vector<uint8_t> dense_values_;
};

}  // namespace quell::storage
