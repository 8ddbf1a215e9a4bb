// Cursors over the fixed-width values of one page.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include <parquet/types.h>

namespace quell::storage {

// Values of `width` bytes as they stand in memory, nulls left out. Keeps a view of the page. Throws CorruptPage when
// the bytes break the format or end too early.
class FixedDecoder {
 public:
  virtual ~FixedDecoder() = default;
  // Writes the next `count` values to `out`.
  virtual void Decode(int64_t count, uint8_t* out) = 0;
  virtual void Skip(int64_t count) = 0;
};

// A decoder for `encoding`: PLAIN, BYTE_STREAM_SPLIT, DELTA_BINARY_PACKED (INT32 and INT64), DELTA_BYTE_ARRAY
// (FIXED_LEN_BYTE_ARRAY), and PLAIN and RLE for BOOLEAN, whose values come as bytes 0 and 1. nullptr for what does not
// exist for the type. `max_values` bounds the values of the page.
std::unique_ptr<FixedDecoder> MakeFixedDecoder(parquet::Encoding::type encoding, parquet::Type::type type, int width,
                                               std::span<const uint8_t> values, int64_t max_values);

// Bytes of a value in memory; 0 for BYTE_ARRAY. `type_length` is that of a FIXED_LEN_BYTE_ARRAY.
int PhysicalWidth(parquet::Type::type type, int type_length);

}  // namespace quell::storage
