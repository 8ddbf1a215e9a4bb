// The CRC-32 of zlib and Ethernet (polynomial 0xEDB88320, reflected).
#pragma once

#include <cstdint>
#include <span>

namespace quell::delta {

uint32_t Crc32(std::span<const uint8_t> bytes);

}  // namespace quell::delta
