#include "storage/parquet/decode/bit_unpack.h"

#include <algorithm>
#include <array>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace quell::storage {

namespace {

constexpr int kBitsPerByte = 8;
constexpr int kGroup = 8;  // values that end on a byte, whatever their width

uint64_t LoadUpTo64(const uint8_t* from, const uint8_t* end) {
  uint64_t word = 0;
  std::memcpy(&word, from, std::min<size_t>(sizeof(word), end - from));
  return word;
}

uint32_t Mask(int bit_width) { return static_cast<uint32_t>((uint64_t{1} << bit_width) - 1); }

void UnpackScalar(std::span<const uint8_t> packed, int bit_width, int64_t first, std::span<uint32_t> out) {
  const uint8_t* const end = packed.data() + packed.size();
  const uint32_t mask = Mask(bit_width);
  int64_t bit = first * bit_width;
  size_t i = 0;
  for (; i < out.size(); ++i, bit += bit_width) {
    const uint8_t* from = packed.data() + bit / kBitsPerByte;
    if (end - from < static_cast<ptrdiff_t>(sizeof(uint64_t))) break;
    uint64_t word;
    std::memcpy(&word, from, sizeof(word));
    out[i] = static_cast<uint32_t>(word >> (bit % kBitsPerByte)) & mask;
  }
  for (; i < out.size(); ++i, bit += bit_width) {
    const uint64_t word = LoadUpTo64(packed.data() + bit / kBitsPerByte, end);
    out[i] = static_cast<uint32_t>(word >> (bit % kBitsPerByte)) & mask;
  }
}

#if defined(__x86_64__)

// How to bring 8 values of one width into 8 lanes: which 4 bytes each lane takes, and by how many bits it shifts.
struct ShufflePlan {
  alignas(32) std::array<uint8_t, 32> bytes;
  alignas(32) std::array<uint32_t, 8> shifts;
  int high_offset;  // bytes from the first value to where the upper four begin
};

constexpr int kMaxShuffleWidth = 25;  // 7 bits of misalignment and the value fit the 4 bytes of a lane

constexpr ShufflePlan MakePlan(int bit_width) {
  ShufflePlan plan{};
  plan.high_offset = 4 * bit_width / kBitsPerByte;
  for (int i = 0; i < kGroup; ++i) {
    const int bit = i * bit_width - (i < 4 ? 0 : plan.high_offset * kBitsPerByte);
    for (int byte = 0; byte < 4; ++byte) plan.bytes[i * 4 + byte] = static_cast<uint8_t>(bit / kBitsPerByte + byte);
    plan.shifts[i] = static_cast<uint32_t>(bit % kBitsPerByte);
  }
  return plan;
}

constexpr std::array<ShufflePlan, kMaxShuffleWidth + 1> MakePlans() {
  std::array<ShufflePlan, kMaxShuffleWidth + 1> plans{};
  for (int width = 1; width <= kMaxShuffleWidth; ++width) plans[width] = MakePlan(width);
  return plans;
}

constexpr std::array<ShufflePlan, kMaxShuffleWidth + 1> kPlans = MakePlans();

// Unpacks whole groups of 8 from a byte boundary while 16 bytes may be loaded for each half; returns the values done.
__attribute__((target("avx2"))) size_t UnpackAvx2(const uint8_t* from, const uint8_t* end, int bit_width,
                                                  std::span<uint32_t> out) {
  const ShufflePlan& plan = kPlans[bit_width];
  const __m256i bytes = _mm256_load_si256(reinterpret_cast<const __m256i*>(plan.bytes.data()));
  const __m256i shifts = _mm256_load_si256(reinterpret_cast<const __m256i*>(plan.shifts.data()));
  const __m256i mask = _mm256_set1_epi32(static_cast<int>(Mask(bit_width)));
  const int high_offset = plan.high_offset;
  const uint8_t* const last = end - high_offset - static_cast<int>(sizeof(__m128i));
  size_t done = 0;
  for (; done + kGroup <= out.size() && from <= last; done += kGroup, from += bit_width) {
    const __m128i low = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
    const __m128i high = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + high_offset));
    const __m256i spread = _mm256_shuffle_epi8(_mm256_set_m128i(high, low), bytes);
    const __m256i values = _mm256_and_si256(_mm256_srlv_epi32(spread, shifts), mask);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out.data() + done), values);
  }
  return done;
}

__attribute__((target("avx2"))) uint32_t MaxCodeAvx2(std::span<const uint32_t> codes) {
  uint32_t max = 0;
  for (const uint32_t code : codes) max = std::max(max, code);
  return max;
}

const bool kHasAvx2 = __builtin_cpu_supports("avx2");

#endif

}  // namespace

void UnpackBits(std::span<const uint8_t> packed, int bit_width, int64_t first, std::span<uint32_t> out) {
  if (bit_width == 0) {
    std::fill(out.begin(), out.end(), 0);
    return;
  }
#if defined(__x86_64__)
  if (kHasAvx2 && bit_width <= kMaxShuffleWidth) {
    const size_t lead = std::min<size_t>((kGroup - first % kGroup) % kGroup, out.size());
    UnpackScalar(packed, bit_width, first, out.first(lead));
    first += static_cast<int64_t>(lead);
    out = out.subspan(lead);
    const size_t done =
        UnpackAvx2(packed.data() + first * bit_width / kBitsPerByte, packed.data() + packed.size(), bit_width, out);
    first += static_cast<int64_t>(done);
    out = out.subspan(done);
  }
#endif
  UnpackScalar(packed, bit_width, first, out);
}

void UnpackBits64(std::span<const uint8_t> packed, int bit_width, std::span<uint64_t> out) {
  const uint8_t* const end = packed.data() + packed.size();
  const uint64_t mask = bit_width == 64 ? ~uint64_t{0} : (uint64_t{1} << bit_width) - 1;
  int64_t bit = 0;
  for (uint64_t& value : out) {
    const uint8_t* from = packed.data() + bit / kBitsPerByte;
    const int shift = static_cast<int>(bit % kBitsPerByte);
    uint64_t word = from < end ? LoadUpTo64(from, end) >> shift : 0;
    if (shift + bit_width > 64) word |= uint64_t{from[sizeof(uint64_t)]} << (64 - shift);
    value = word & mask;
    bit += bit_width;
  }
}

uint32_t MaxCode(std::span<const uint32_t> codes) {
#if defined(__x86_64__)
  if (kHasAvx2) return MaxCodeAvx2(codes);
#endif
  uint32_t max = 0;
  for (const uint32_t code : codes) max = std::max(max, code);
  return max;
}

}  // namespace quell::storage
