// The values and levels of a page: every decoder, whatever bytes it is given. Values after a skip must be those that
// come when all are decoded.
#include "base/check.h"
#include "fuzz/fuzzer.h"
#include "storage/parquet/decode/byte_array_decoder.h"
#include "storage/parquet/decode/corrupt_page.h"
#include "storage/parquet/decode/fixed_decoder.h"
#include "storage/parquet/decode/hybrid_decoder.h"
#include "storage/parquet/decode/level_decoder.h"

namespace quell::fuzz {
namespace {

using parquet::Encoding;
using parquet::Type;

constexpr int64_t kMaxValues = 2000;
constexpr int kFixedLength = 11;  // of FIXED_LEN_BYTE_ARRAY

constexpr Encoding::type kEncodings[] = {
    Encoding::PLAIN,
    Encoding::RLE,
    Encoding::BYTE_STREAM_SPLIT,
    Encoding::DELTA_BINARY_PACKED,
    Encoding::DELTA_BYTE_ARRAY,
    Encoding::DELTA_LENGTH_BYTE_ARRAY,
};
constexpr Type::type kTypes[] = {Type::BOOLEAN, Type::INT32,  Type::INT64,      Type::INT96,
                                 Type::FLOAT,   Type::DOUBLE, Type::BYTE_ARRAY, Type::FIXED_LEN_BYTE_ARRAY};

// The values numbered [skipped, skipped + count), after a Skip; nullopt where the bytes break the format.
std::optional<std::string> DecodeFixed(Encoding::type encoding, Type::type type, std::span<const uint8_t> bytes,
                                       int64_t skipped, int64_t count) {
  try {
    const int width = storage::PhysicalWidth(type, kFixedLength);
    const auto decoder = storage::MakeFixedDecoder(encoding, type, width, bytes, kMaxValues);
    if (!decoder) return std::nullopt;
    decoder->Skip(skipped);
    std::vector<uint8_t> out(static_cast<size_t>(count * (type == Type::BOOLEAN ? 1 : width)));
    decoder->Decode(count, out.data());
    return std::string(out.begin(), out.end());
  } catch (const storage::CorruptPage&) {
    return std::nullopt;
  }
}

std::optional<std::string> DecodeBytes(Encoding::type encoding, std::span<const uint8_t> bytes, int64_t skipped,
                                       int64_t count) {
  try {
    const auto decoder = storage::MakeByteArrayDecoder(encoding, bytes, kMaxValues);
    if (!decoder) return std::nullopt;
    decoder->Skip(skipped);
    std::vector<std::string_view> values(static_cast<size_t>(count));
    decoder->Decode(values);
    std::string all;
    for (const std::string_view value : values) all.append(value).append(1, '|');
    return all;
  } catch (const storage::CorruptPage&) {
    return std::nullopt;
  }
}

std::optional<std::string> DecodeCodes(std::span<const uint8_t> bytes, int bit_width, int64_t skipped, int64_t count) {
  try {
    storage::HybridDecoder decoder(bytes, bit_width);
    decoder.Skip(skipped);
    std::vector<uint32_t> codes(static_cast<size_t>(count));
    decoder.Decode(codes);
    return std::string(reinterpret_cast<const char*>(codes.data()), codes.size() * sizeof(uint32_t));
  } catch (const storage::CorruptPage&) {
    return std::nullopt;
  }
}

std::optional<std::string> DecodeLevels(std::span<const uint8_t> bytes, int max_level, bool bit_packed, int64_t skipped,
                                        int64_t count) {
  try {
    storage::LevelDecoder decoder = bit_packed ? storage::LevelDecoder::FromBitPacked(bytes, max_level, kMaxValues)
                                               : storage::LevelDecoder(bytes, max_level);
    decoder.Skip(skipped);
    storage::ValidityBuilder validity(count);
    decoder.Decode(count, &validity);
    std::string rows(static_cast<size_t>(count), '1');
    for (int64_t i = 0; validity.bits() && i < count; ++i) {
      if ((validity.bits()[i / 8] >> (i % 8) & 1) == 0) rows[i] = '0';
    }
    return rows;
  } catch (const storage::CorruptPage&) {
    return std::nullopt;
  }
}

std::optional<std::string> Decode(uint8_t surface, uint8_t parameter, std::span<const uint8_t> bytes, int64_t skipped,
                                  int64_t count) {
  const Encoding::type encoding = kEncodings[parameter % std::size(kEncodings)];
  const Type::type type = kTypes[parameter / std::size(kEncodings) % std::size(kTypes)];
  switch (surface % 4) {
    case 0: return DecodeCodes(bytes, parameter % 33, skipped, count);
    case 1: return DecodeLevels(bytes, parameter % 6, parameter >= 128, skipped, count);
    default:
      return type == Type::BYTE_ARRAY ? DecodeBytes(encoding, bytes, skipped, count)
                                      : DecodeFixed(encoding, type, bytes, skipped, count);
  }
}

}  // namespace

std::vector<std::string> Seeds() {
  std::vector<std::string> seeds;
  const std::string plain(64, '\1');
  // A run of ten, then eight bit-packed values of two bits.
  const std::string hybrid = {20, 1, 3, '\x1b', '\x2d', 20, 0};
  // 128 values a block, 4 miniblocks, 40 values, first 7, least delta 1, widths 2 3 0 0.
  std::string deltas = {'\x80', 1, 4, 40, 14, 2, 2, 3, 0, 0};
  deltas += std::string(8 + 12, '\x55');
  const std::string lengths = deltas + std::string(400, 'x');
  for (int encoding = 0; encoding < 48; ++encoding) {
    for (const std::string& bytes : {plain, hybrid, deltas, lengths + lengths}) {
      seeds.push_back(std::string{2, static_cast<char>(encoding), 3, 9} + bytes);
    }
  }
  for (int width = 0; width < 33; width += 4) {
    seeds.push_back(std::string{0, static_cast<char>(width), 3, 9} + hybrid + plain);
    seeds.push_back(std::string{1, static_cast<char>(width), 3, 9} + hybrid + plain);
    seeds.push_back(std::string{1, static_cast<char>(128 + width), 3, 9} + hybrid + plain);
  }
  return seeds;
}

}  // namespace quell::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace quell::fuzz;
  Input input(data, size);
  const uint8_t surface = input.TakeByte();
  const uint8_t parameter = input.TakeByte();
  const int64_t skipped = input.TakeByte() * 4;
  const int64_t count = input.TakeByte() * 4;
  // On the heap and of the exact size, so that each byte beyond it is seen.
  const std::vector<uint8_t> bytes(input.bytes().begin(), input.bytes().end());
  const auto all = Decode(surface, parameter, bytes, 0, skipped + count);
  const auto tail = Decode(surface, parameter, bytes, skipped, count);
  if (all) QUELL_CHECK(tail && all->ends_with(*tail));
  return 0;
}
