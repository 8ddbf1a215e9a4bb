#include "expression/hashing.h"

#include <xxhash.h>

#include <bit>
#include <cstring>

#include "data/buffers.h"
#include "data/visit_type.h"
#include "expression/functions/kernel.h"

namespace quell {

namespace {

// What Java's BigInteger.toByteArray gives: the shortest two's complement, highest byte first.
std::string BigEndianBytes(Int128 value) {
  std::string bytes;
  for (int shift = 120; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift);
  size_t skip = 0;
  while (skip < 15) {
    const auto first = static_cast<int8_t>(bytes[skip]);
    const bool next_negative = static_cast<int8_t>(bytes[skip + 1]) < 0;
    if (!((first == 0 && !next_negative) || (first == -1 && next_negative))) break;
    ++skip;
  }
  return bytes.substr(skip);
}

// Calls int_hash(4 bytes), long_hash(8 bytes) or bytes_hash(text), as Spark takes the type.
template <typename T, typename Hasher>
auto HashValue(const Hasher& hasher, T value, auto seed) {
  if constexpr (std::is_same_v<T, std::string_view>) {
    return hasher.Bytes(value, seed);
  } else if constexpr (std::is_same_v<T, Int128>) {
    return hasher.Bytes(BigEndianBytes(value), seed);
  } else if constexpr (std::is_same_v<T, float>) {
    return hasher.Int(value == 0 ? 0 : std::bit_cast<uint32_t>(value), seed);
  } else if constexpr (std::is_same_v<T, double>) {
    return hasher.Long(value == 0 ? 0 : std::bit_cast<uint64_t>(value), seed);
  } else if constexpr (sizeof(T) == 8) {
    return hasher.Long(static_cast<uint64_t>(value), seed);
  } else {
    return hasher.Int(static_cast<uint32_t>(static_cast<int32_t>(value)), seed);
  }
}

struct XxHasher {
  uint64_t Int(uint32_t value, uint64_t seed) const { return XXH64(&value, sizeof(value), seed); }
  uint64_t Long(uint64_t value, uint64_t seed) const { return XXH64(&value, sizeof(value), seed); }
  uint64_t Bytes(std::string_view text, uint64_t seed) const { return XXH64(text.data(), text.size(), seed); }
};

// Murmur3_x86_32; the bytes that are left over at the end of a text are mixed one by one, as Spark does.
struct MurmurHasher {
  static uint32_t Mix(uint32_t hash, uint32_t word) {
    word *= 0xcc9e2d51u;
    word = std::rotl(word, 15);
    word *= 0x1b873593u;
    hash ^= word;
    hash = std::rotl(hash, 13);
    return hash * 5 + 0xe6546b64u;
  }
  static uint32_t Finish(uint32_t hash, uint32_t length) {
    hash ^= length;
    hash ^= hash >> 16;
    hash *= 0x85ebca6bu;
    hash ^= hash >> 13;
    hash *= 0xc2b2ae35u;
    return hash ^ (hash >> 16);
  }
  uint32_t Int(uint32_t value, uint32_t seed) const { return Finish(Mix(seed, value), 4); }
  uint32_t Long(uint64_t value, uint32_t seed) const {
    return Finish(Mix(Mix(seed, static_cast<uint32_t>(value)), static_cast<uint32_t>(value >> 32)), 8);
  }
  uint32_t Bytes(std::string_view text, uint32_t seed) const {
    uint32_t hash = seed;
    size_t at = 0;
    for (; at + 4 <= text.size(); at += 4) {
      uint32_t word;
      std::memcpy(&word, text.data() + at, 4);
      hash = Mix(hash, word);
    }
    for (; at < text.size(); ++at) hash = Mix(hash, static_cast<uint32_t>(static_cast<int8_t>(text[at])));
    return Finish(hash, static_cast<uint32_t>(text.size()));
  }
};

// A nested value hashes its parts, one after another.
template <typename Hasher, typename H>
H HashNested(const Hasher& hasher, const Value& value, const Type& type, H seed) {
  if (value.is_null()) return seed;
  if (!type.is_nested()) {
    return VisitType(
        type,
        [&](auto tag) {
          using T = typename decltype(tag)::Native;
          if constexpr (std::is_same_v<T, std::string_view>) {
            return hasher.Bytes(std::get<std::string>(value.data), seed);
          } else if constexpr (std::is_same_v<T, bool>) {
            return HashValue<T>(hasher, std::get<bool>(value.data), seed);
          } else if constexpr (decltype(tag)::id == TypeId::kDecimal) {
            return HashValue<T>(hasher, static_cast<T>(std::get<Int128>(value.data)), seed);
          } else if constexpr (std::is_floating_point_v<T>) {
            return HashValue<T>(hasher, static_cast<T>(std::get<double>(value.data)), seed);
          } else {
            return HashValue<T>(hasher, static_cast<T>(std::get<int64_t>(value.data)), seed);
          }
        },
        [&] { return seed; });
  }
  const auto& items = std::get<std::vector<Value>>(value.data);
  const auto& children = type.children();
  for (size_t i = 0; i < items.size(); ++i) {
    seed = HashNested(hasher, items[i], children[i % children.size()].type, seed);
  }
  return seed;
}

template <typename Hasher, typename H>
void Update(const Hasher& hasher, const Column& column, const Rows& rows, H* hashes) {
  const ValidityReader valid(column);
  VisitType(
      column.type,
      [&](auto tag) {
        using T = typename decltype(tag)::Native;
        const Reader<T> values(column);
        rows.ForEach([&](int64_t row) {
          if (valid[row]) hashes[row] = HashValue<T>(hasher, values[row], hashes[row]);
        });
      },
      [&] {
        if (column.type.id() == TypeId::kNull) return;
        rows.ForEach(
            [&](int64_t row) { hashes[row] = HashNested(hasher, ValueAt(column, row), column.type, hashes[row]); });
      });
}

}  // namespace

void UpdateXxHash64(const Column& column, const Rows& rows, uint64_t* hashes) {
  Update(XxHasher{}, column, rows, hashes);
}
void UpdateMurmur3(const Column& column, const Rows& rows, uint32_t* hashes) {
  Update(MurmurHasher{}, column, rows, hashes);
}

}  // namespace quell
