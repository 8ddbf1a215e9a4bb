// The DELTA_BINARY_PACKED encoding: integers as differences, in blocks of bit-packed miniblocks.
// Format: https://github.com/apache/parquet-format/blob/master/Encodings.md (DELTA_BINARY_PACKED = 5).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace quell::storage {

// A cursor over one encoded sequence. Keeps a view of the bytes. Throws CorruptPage when they break the format.
class DeltaDecoder {
 public:
  // `max_values` is the most that the sequence may hold.
  DeltaDecoder(std::span<const uint8_t> bytes, int64_t max_values);

  int64_t num_values() const { return num_values_; }
  // Writes the next `count` values; throws when there are fewer. INT32 wraps around at 32 bits, as the format says.
  template <typename T>
  void Decode(int64_t count, T* out);
  // Once all values are decoded: the bytes behind the sequence.
  std::span<const uint8_t> rest() const { return bytes_; }

 private:
  void ReadBlockHeader();
  void ReadMiniblock();

  std::span<const uint8_t> bytes_;
  int64_t num_values_ = 0;
  int64_t left_ = 0;       // values not yet given out
  int64_t undecoded_ = 0;  // deltas whose miniblocks are not yet read
  uint64_t values_per_block_ = 0;
  uint64_t miniblocks_per_block_ = 0;
  uint64_t values_per_miniblock_ = 0;
  uint64_t last_ = 0;
  uint64_t min_delta_ = 0;
  bool first_is_due_ = false;
  std::span<const uint8_t> widths_;  // of the miniblocks of this block that are left
  std::vector<uint64_t> deltas_;     // of one miniblock
  size_t next_delta_ = 0;
};

}  // namespace quell::storage
