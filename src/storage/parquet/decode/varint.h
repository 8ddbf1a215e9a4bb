// Variable-length integers, as Parquet and Thrift write them.
#pragma once

#include <cstdint>
#include <span>

#include "storage/parquet/decode/corrupt_page.h"

namespace quell::storage {

// Takes an unsigned LEB128 integer off the front of `bytes`.
inline uint64_t ReadVarint(std::span<const uint8_t>* bytes) {
  uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    RequireFormat(!bytes->empty(), "an integer that is cut off");
    const uint8_t byte = bytes->front();
    *bytes = bytes->subspan(1);
    value |= uint64_t{byte & 0x7fu} << shift;
    if (byte < 0x80) return value;
  }
  throw CorruptPage("an integer of more than 10 bytes");
}

// The same with the sign in the lowest bit.
inline int64_t ReadZigZag(std::span<const uint8_t>* bytes) {
  const uint64_t value = ReadVarint(bytes);
  return static_cast<int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

}  // namespace quell::storage
