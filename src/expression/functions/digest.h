// Digests of bytes, as hexadecimal text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace quell {

std::string Md5Hex(std::string_view bytes);   // RFC 1321
std::string Sha1Hex(std::string_view bytes);  // FIPS 180-4
// 224, 256, 384 or 512 bits; empty for another number.
std::string Sha2Hex(std::string_view bytes, int32_t bits);

}  // namespace quell
