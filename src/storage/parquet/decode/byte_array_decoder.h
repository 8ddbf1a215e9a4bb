// Cursors over the variable-length values of one page.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include <parquet/types.h>

namespace quell::storage {

// Values as views, nulls left out: they hold until the next call or the end of the page. Throws CorruptPage when the
// bytes break the format or end too early.
class ByteArrayDecoder {
 public:
  virtual ~ByteArrayDecoder() = default;
  virtual void Decode(std::span<std::string_view> out) = 0;
  virtual void Skip(int64_t count) = 0;
};

// A decoder for PLAIN, DELTA_LENGTH_BYTE_ARRAY or DELTA_BYTE_ARRAY; nullptr for any other encoding. `max_values` bounds
// the values of the page.
std::unique_ptr<ByteArrayDecoder> MakeByteArrayDecoder(parquet::Encoding::type encoding,
                                                       std::span<const uint8_t> values, int64_t max_values);

}  // namespace quell::storage
