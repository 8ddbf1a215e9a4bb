// Definition levels of columns that are not repeated, as validity bits.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <arrow/buffer.h>

#include "storage/parquet/decode/hybrid_decoder.h"

namespace quell::storage {

// The validity of the rows of a batch. It has no memory while no row is null.
class ValidityBuilder {
 public:
  explicit ValidityBuilder(int64_t num_rows) : num_rows_(num_rows) {}

  void AppendValid(int64_t count);
  void AppendNulls(int64_t count);
  // `count` bits of `bits`, from bit `first` on; returns how many are set.
  int64_t AppendBits(const uint8_t* bits, int64_t first, int64_t count);

  int64_t length() const { return length_; }
  int64_t null_count() const { return null_count_; }
  // nullptr when no row is null.
  const uint8_t* bits() const { return buffer_ ? buffer_->data() : nullptr; }
  std::shared_ptr<arrow::Buffer> Finish() { return std::move(buffer_); }

 private:
  void Allocate();

  const int64_t num_rows_;
  int64_t length_ = 0;
  int64_t null_count_ = 0;
  std::shared_ptr<arrow::Buffer> buffer_;
};

// A cursor over the definition levels of one page: a row is valid when its level is the highest.
class LevelDecoder {
 public:
  LevelDecoder() = default;
  // Hybrid-encoded levels; `max_level` 0 has no bytes and no nulls.
  LevelDecoder(std::span<const uint8_t> bytes, int max_level);
  // The BIT_PACKED encoding of old writers: levels packed from the highest bit on.
  static LevelDecoder FromBitPacked(std::span<const uint8_t> bytes, int max_level, int64_t num_values);

  static int BitWidth(int max_level);
  // Appends the validity of the next `count` rows; returns how many are valid.
  int64_t Decode(int64_t count, ValidityBuilder* validity);
  // Returns how many of the skipped rows are valid.
  int64_t Skip(int64_t count);

 private:
  int64_t CountValid(const HybridDecoder::Run& run);

  int max_level_ = 0;
  int bit_width_ = 0;
  HybridDecoder levels_;
  std::shared_ptr<std::vector<uint8_t>> repacked_;
  std::vector<uint32_t> scratch_;
};

}  // namespace quell::storage
