// Unpacking of bit-packed integers: the hot loop of dictionary codes.
#pragma once

#include <cstdint>
#include <span>

namespace quell::storage {

// Unpacks the values numbered [first, first + out.size()) of a little-endian run of `bit_width`-bit values (0..32) that
// begins at bit 0 of `packed`. `packed` must hold all of their bits; nothing beyond its end is read.
void UnpackBits(std::span<const uint8_t> packed, int bit_width, int64_t first, std::span<uint32_t> out);

// The same for 0..64 bits, without SIMD: for deltas.
void UnpackBits64(std::span<const uint8_t> packed, int bit_width, std::span<uint64_t> out);

// The largest of `codes` (0 when there are none).
uint32_t MaxCode(std::span<const uint32_t> codes);

}  // namespace quell::storage
