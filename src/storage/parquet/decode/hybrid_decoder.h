// The RLE / bit-packed hybrid encoding of Parquet: dictionary codes, levels and booleans.
// Format: https://github.com/apache/parquet-format/blob/master/Encodings.md (RLE = 3).
#pragma once

#include <cstdint>
#include <span>

namespace quell::storage {

// A cursor over one run of hybrid-encoded values. Keeps a view of the bytes. Throws CorruptPage when they break the
// format.
class HybridDecoder {
 public:
  HybridDecoder() = default;
  HybridDecoder(std::span<const uint8_t> bytes, int bit_width);

  // The next values, as many as `out` holds; throws when there are fewer.
  void Decode(std::span<uint32_t> out);
  void Skip(int64_t count);

  // A part of the next run: `count` values that are all `value`, or, when `packed` is not empty, `count` bit-packed
  // values of which the first is number `first` of the bytes.
  struct Run {
    int64_t count = 0;
    uint32_t value = 0;
    std::span<const uint8_t> packed = {};
    int64_t first = 0;
  };
  // Takes at most `max_count` (> 0) values off the current run.
  Run TakeRun(int64_t max_count);

 private:
  void ReadHeader();

  std::span<const uint8_t> bytes_;
  int bit_width_ = 0;
  int64_t left_ = 0;  // values of the current run
  uint32_t value_ = 0;
  std::span<const uint8_t> packed_ = {};
  int64_t packed_position_ = 0;
};

}  // namespace quell::storage
