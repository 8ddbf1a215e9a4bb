#include "delta/deletion_vector/base85.h"

#include <array>

namespace quell::delta {

namespace {

constexpr std::string_view kAlphabet =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
constexpr uint32_t kBase = 85;
constexpr size_t kCharacters = 5;
constexpr size_t kBytes = 4;

}  // namespace

std::optional<std::vector<uint8_t>> DecodeBase85(std::string_view text) {
  if (text.size() % kCharacters != 0) return std::nullopt;
  std::vector<uint8_t> bytes;
  bytes.reserve(text.size() / kCharacters * kBytes);
  for (size_t i = 0; i < text.size(); i += kCharacters) {
    uint64_t value = 0;
    for (const char c : text.substr(i, kCharacters)) {
      const size_t digit = kAlphabet.find(c);
      if (digit == std::string_view::npos) return std::nullopt;
      value = value * kBase + digit;
    }
    if (value > UINT32_MAX) return std::nullopt;
    for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<uint8_t>(value >> shift));
  }
  return bytes;
}

std::string EncodeBase85(std::vector<uint8_t> bytes) {
  bytes.resize((bytes.size() + kBytes - 1) / kBytes * kBytes);
  std::string text;
  for (size_t i = 0; i < bytes.size(); i += kBytes) {
    uint32_t value = 0;
    for (size_t k = 0; k < kBytes; ++k) value = value << 8 | bytes[i + k];
    std::array<char, kCharacters> characters;
    for (size_t k = kCharacters; k-- > 0; value /= kBase) characters[k] = kAlphabet[value % kBase];
    text.append(characters.data(), characters.size());
  }
  return text;
}

}  // namespace quell::delta
