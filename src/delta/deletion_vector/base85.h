// The base-85 of ZeroMQ's RFC 32 (Z85), in which the log writes UUIDs and inline deletion vectors.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quell::delta {

// Five characters are four bytes. nullopt for a text of another length or with other characters.
std::optional<std::vector<uint8_t>> DecodeBase85(std::string_view text);
// Bytes beyond a multiple of four are filled up with zeros.
std::string EncodeBase85(std::vector<uint8_t> bytes);

}  // namespace quell::delta
