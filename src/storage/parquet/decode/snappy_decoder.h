// Decompression of Snappy blocks, the codec that most Parquet files have.
// Format: https://github.com/google/snappy/blob/main/format_description.txt
#pragma once

#include <cstdint>
#include <span>

namespace quell::storage {

// Bytes after decompression, as the block announces them. Throws CorruptPage when it does not.
int64_t SnappyLength(std::span<const uint8_t> block);

// Fills `out`, which must have SnappyLength(block) bytes. Throws CorruptPage when the block breaks the format; never
// reads or writes beyond the ends.
void DecompressSnappy(std::span<const uint8_t> block, std::span<uint8_t> out);

}  // namespace quell::storage
