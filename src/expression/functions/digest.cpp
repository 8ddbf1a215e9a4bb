#include "expression/functions/digest.h"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <cmath>
#include <vector>

namespace quell {

namespace {

// The message with a 1 bit, zeros and its length in bits, as blocks of `block` bytes.
std::vector<uint8_t> Padded(std::string_view bytes, size_t block, bool big_endian) {
  std::vector<uint8_t> message(bytes.begin(), bytes.end());
  message.push_back(0x80);
  const size_t length_bytes = block / 8;
  while (message.size() % block != block - length_bytes) message.push_back(0);
  message.resize(message.size() + length_bytes - 8);
  const uint64_t bits = static_cast<uint64_t>(bytes.size()) * 8;
  for (int i = 0; i < 8; ++i) message.push_back(static_cast<uint8_t>(bits >> (8 * (big_endian ? 7 - i : i))));
  return message;
}

template <typename Word>
Word LoadBigEndian(const uint8_t* bytes) {
  Word word = 0;
  for (size_t i = 0; i < sizeof(Word); ++i) word = static_cast<Word>(word << 8) | bytes[i];
  return word;
}

template <typename Word, size_t kCount>
std::string HexOf(const std::array<Word, kCount>& words, size_t hex_digits) {
  std::string text;
  for (const Word word : words) text += fmt::format("{:0{}x}", word, sizeof(Word) * 2);
  return text.substr(0, hex_digits);
}

// The first bits behind the point of the roots of the first primes, which the constants of SHA-2 are. Exact by whole
// numbers: floor(root(p) * 2^kBits) by bisection.
template <typename Word>
Word RootFraction(int prime, bool cubic) {
  constexpr int kBits = sizeof(Word) * 8;
  // root * 2^kBits < 2^(kBits + 5), compared by its square or cube in wide numbers of 32-bit limbs.
  using Limbs = std::array<uint64_t, 10>;
  const auto multiply = [](const Limbs& a, const Limbs& b) {
    Limbs product{};
    for (size_t i = 0; i < a.size(); ++i) {
      uint64_t carry = 0;
      for (size_t j = 0; i + j < a.size(); ++j) {
        const uint64_t sum = product[i + j] + a[i] * b[j] + carry;
        product[i + j] = sum & 0xFFFFFFFF;
        carry = sum >> 32;
      }
    }
    return product;
  };
  const auto less_or_equal = [](const Limbs& a, const Limbs& b) {
    for (size_t i = a.size(); i-- > 0;) {
      if (a[i] != b[i]) return a[i] < b[i];
    }
    return true;
  };
  Limbs target{};
  const int shift = kBits * (cubic ? 3 : 2);
  target[static_cast<size_t>(shift / 32)] = static_cast<uint64_t>(prime);
  unsigned __int128 root = 0;
  for (int bit = kBits + 5; bit >= 0; --bit) {
    const unsigned __int128 candidate = root | (static_cast<unsigned __int128>(1) << bit);
    Limbs limbs{};
    for (size_t i = 0; i < 4; ++i) limbs[i] = static_cast<uint64_t>(candidate >> (32 * i)) & 0xFFFFFFFF;
    Limbs power = multiply(limbs, limbs);
    if (cubic) power = multiply(power, limbs);
    if (less_or_equal(power, target)) root = candidate;
  }
  return static_cast<Word>(root);
}

template <typename Word, size_t kRounds>
std::array<Word, kRounds> RoundConstants() {
  std::array<Word, kRounds> constants{};
  size_t count = 0;
  for (int candidate = 2; count < kRounds; ++candidate) {
    bool is_prime = true;
    for (int divisor = 2; divisor * divisor <= candidate; ++divisor) is_prime &= candidate % divisor != 0;
    if (is_prime) constants[count++] = RootFraction<Word>(candidate, true);
  }
  return constants;
}

template <typename Word>
struct Sha2Shape;
template <>
struct Sha2Shape<uint32_t> {
  static constexpr size_t kRounds = 64;
  static constexpr int kBig0[] = {2, 13, 22}, kBig1[] = {6, 11, 25};
  static constexpr int kSmall0[] = {7, 18, 3}, kSmall1[] = {17, 19, 10};
};
template <>
struct Sha2Shape<uint64_t> {
  static constexpr size_t kRounds = 80;
  static constexpr int kBig0[] = {28, 34, 39}, kBig1[] = {14, 18, 41};
  static constexpr int kSmall0[] = {1, 8, 7}, kSmall1[] = {19, 61, 6};
};

template <typename Word>
std::array<Word, 8> Sha2(std::string_view bytes, std::array<Word, 8> state) {
  using Shape = Sha2Shape<Word>;
  static const auto kConstants = RoundConstants<Word, Shape::kRounds>();
  constexpr size_t kBlock = sizeof(Word) * 16;
  const auto big = [](Word x, const int* r) { return std::rotr(x, r[0]) ^ std::rotr(x, r[1]) ^ std::rotr(x, r[2]); };
  const auto small = [](Word x, const int* r) {
    return static_cast<Word>(std::rotr(x, r[0]) ^ std::rotr(x, r[1]) ^ (x >> r[2]));
  };
  const std::vector<uint8_t> message = Padded(bytes, kBlock, true);
  for (size_t at = 0; at < message.size(); at += kBlock) {
    std::array<Word, Shape::kRounds> w;
    for (size_t i = 0; i < 16; ++i) w[i] = LoadBigEndian<Word>(message.data() + at + i * sizeof(Word));
    for (size_t i = 16; i < w.size(); ++i) {
      w[i] = w[i - 16] + small(w[i - 15], Shape::kSmall0) + w[i - 7] + small(w[i - 2], Shape::kSmall1);
    }
    auto [a, b, c, d, e, f, g, h] = state;
    for (size_t i = 0; i < w.size(); ++i) {
      const Word first = h + big(e, Shape::kBig1) + ((e & f) ^ (~e & g)) + kConstants[i] + w[i];
      const Word second = big(a, Shape::kBig0) + ((a & b) ^ (a & c) ^ (b & c));
      h = g;
      g = f;
      f = e;
      e = d + first;
      d = c;
      c = b;
      b = a;
      a = first + second;
    }
    const std::array<Word, 8> result{a, b, c, d, e, f, g, h};
    for (size_t i = 0; i < 8; ++i) state[i] += result[i];
  }
  return state;
}

}  // namespace

std::string Md5Hex(std::string_view bytes) {
  static constexpr int kShifts[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
  static const auto kSines = [] {
    std::array<uint32_t, 64> sines{};
    for (size_t i = 0; i < 64; ++i)
      sines[i] = static_cast<uint32_t>(std::abs(std::sin(static_cast<double>(i + 1))) * 4294967296.0);
    return sines;
  }();
  std::array<uint32_t, 4> state{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
  const std::vector<uint8_t> message = Padded(bytes, 64, false);
  for (size_t at = 0; at < message.size(); at += 64) {
    uint32_t words[16];
    for (size_t i = 0; i < 16; ++i) {
      const uint8_t* b = message.data() + at + i * 4;
      words[i] = b[0] | b[1] << 8 | b[2] << 16 | static_cast<uint32_t>(b[3]) << 24;
    }
    auto [a, b, c, d] = state;
    for (uint32_t i = 0; i < 64; ++i) {
      const uint32_t round = i / 16;
      const uint32_t mixed = round == 0   ? (b & c) | (~b & d)
                             : round == 1 ? (d & b) | (~d & c)
                             : round == 2 ? b ^ c ^ d
                                          : c ^ (b | ~d);
      const uint32_t index = round == 0   ? i
                             : round == 1 ? (5 * i + 1) % 16
                             : round == 2 ? (3 * i + 5) % 16
                                          : (7 * i) % 16;
      const uint32_t next = b + std::rotl(a + mixed + kSines[i] + words[index], kShifts[round][i % 4]);
      a = d;
      d = c;
      c = b;
      b = next;
    }
    state = {state[0] + a, state[1] + b, state[2] + c, state[3] + d};
  }
  // The digest is the words with their lowest byte first.
  for (uint32_t& word : state) word = __builtin_bswap32(word);
  return HexOf(state, 32);
}

std::string Sha1Hex(std::string_view bytes) {
  std::array<uint32_t, 5> state{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
  const std::vector<uint8_t> message = Padded(bytes, 64, true);
  for (size_t at = 0; at < message.size(); at += 64) {
    uint32_t w[80];
    for (size_t i = 0; i < 16; ++i) w[i] = LoadBigEndian<uint32_t>(message.data() + at + i * 4);
    for (size_t i = 16; i < 80; ++i) w[i] = std::rotl(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    auto [a, b, c, d, e] = state;
    for (size_t i = 0; i < 80; ++i) {
      const uint32_t mixed = i < 20   ? (b & c) | (~b & d)
                             : i < 40 ? b ^ c ^ d
                             : i < 60 ? (b & c) | (b & d) | (c & d)
                                      : b ^ c ^ d;
      const uint32_t constant = i < 20 ? 0x5a827999 : i < 40 ? 0x6ed9eba1 : i < 60 ? 0x8f1bbcdc : 0xca62c1d6;
      const uint32_t next = std::rotl(a, 5) + mixed + e + constant + w[i];
      e = d;
      d = c;
      c = std::rotl(b, 30);
      b = a;
      a = next;
    }
    state = {state[0] + a, state[1] + b, state[2] + c, state[3] + d, state[4] + e};
  }
  return HexOf(state, 40);
}

std::string Sha2Hex(std::string_view bytes, int32_t bits) {
  static constexpr int kPrimes[] = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53};
  if (bits == 256 || bits == 512) {
    std::array<uint32_t, 8> narrow;
    std::array<uint64_t, 8> wide;
    for (size_t i = 0; i < 8; ++i) {
      narrow[i] = RootFraction<uint32_t>(kPrimes[i], false);
      wide[i] = RootFraction<uint64_t>(kPrimes[i], false);
    }
    return bits == 256 ? HexOf(Sha2<uint32_t>(bytes, narrow), 64) : HexOf(Sha2<uint64_t>(bytes, wide), 128);
  }
  if (bits != 224 && bits != 384) return {};
  // The 9th to 16th primes; SHA-224 takes the lower half of the words.
  std::array<uint32_t, 8> lower;
  std::array<uint64_t, 8> wide;
  for (size_t i = 0; i < 8; ++i) {
    wide[i] = RootFraction<uint64_t>(kPrimes[i + 8], false);
    lower[i] = static_cast<uint32_t>(wide[i]);
  }
  return bits == 224 ? HexOf(Sha2<uint32_t>(bytes, lower), 56) : HexOf(Sha2<uint64_t>(bytes, wide), 96);
}

}  // namespace quell
