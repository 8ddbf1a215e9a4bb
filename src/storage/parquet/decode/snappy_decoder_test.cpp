#include "storage/parquet/decode/snappy_decoder.h"

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <snappy.h>

#include "storage/parquet/decode/corrupt_page.h"

namespace quell::storage {
namespace {

std::vector<uint8_t> Compress(const std::string& text) {
  std::string block;
  snappy::Compress(text.data(), text.size(), &block);
  return {block.begin(), block.end()};
}

constexpr int kNumKinds = 5;

// Noise, few letters, ascending integers, long runs, or integers that share upper bytes with others before, in and out
// of step: each makes other elements.
std::string MakeText(std::mt19937_64* random, size_t length, int kind) {
  std::string text;
  while (text.size() < length) {
    const uint64_t number = (*random)();
    switch (kind) {
      case 0: text += static_cast<char>(number); break;
      case 1: text += static_cast<char>('a' + number % 3); break;
      case 2: {
        const uint64_t value = 1'700'000'000'000'000 + text.size() * 123 + number % 1000;
        text.append(reinterpret_cast<const char*>(&value), sizeof(value));
        break;
      }
      case 3: text += std::string(number % 100, static_cast<char>(number >> 8)); break;
      default: {
        const int low_bits = 8 * static_cast<int>(1 + length % 5);
        const uint64_t value =
            (0x0123'4567'89ab'cdef + (number % 5 << 40)) >> low_bits << low_bits | number >> (64 - low_bits);
        text.append(reinterpret_cast<const char*>(&value), sizeof(value));
        if (number % 61 == 0) text += static_cast<char>(number);
      }
    }
  }
  return text;
}

TEST(SnappyDecoderTest, DecompressesWhatSnappyCompressed) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 4000; ++i) {
    const std::string text = MakeText(&random, random() % 3000, i % kNumKinds);
    const std::vector<uint8_t> block = Compress(text);
    ASSERT_EQ(SnappyLength(block), static_cast<int64_t>(text.size()));
    std::string out(text.size(), '\0');
    DecompressSnappy(block, {reinterpret_cast<uint8_t*>(out.data()), out.size()});
    ASSERT_EQ(out, text);
  }
}

TEST(SnappyDecoderTest, RefusesBrokenBlocks) {
  std::mt19937_64 random(8);
  for (int i = 0; i < 4000; ++i) {
    std::vector<uint8_t> block = Compress(MakeText(&random, 1 + random() % 1000, i % kNumKinds));
    for (uint64_t change = random() % 4; change > 0; --change)
      block[random() % block.size()] = static_cast<uint8_t>(random());
    if (random() % 2 == 0) block.resize(random() % block.size());
    try {
      std::vector<uint8_t> out(SnappyLength(block));
      DecompressSnappy(block, out);
    } catch (const CorruptPage&) {
      // Either outcome is right, as long as no byte beyond the ends is touched.
    }
  }
  EXPECT_THROW(SnappyLength({}), CorruptPage);
  const std::vector<uint8_t> promises = {0xff, 0xff, 0xff, 0xff, 0x07, 0x00, 0x00};
  EXPECT_THROW(SnappyLength(promises), CorruptPage);
  const std::vector<uint8_t> copies_from_nowhere = {4, 1, 5};
  std::vector<uint8_t> out(4);
  EXPECT_THROW(DecompressSnappy(copies_from_nowhere, out), CorruptPage);
}

}  // namespace
}  // namespace quell::storage
