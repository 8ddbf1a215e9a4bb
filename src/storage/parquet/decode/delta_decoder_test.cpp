#include "storage/parquet/decode/delta_decoder.h"

#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "storage/parquet/decode/corrupt_page.h"

namespace quell::storage {
namespace {

// Blocks of 128 values in four miniblocks, all deltas 1, the first value 0.
std::vector<uint8_t> MakeSequence(const std::vector<uint8_t>& num_values) {
  std::vector<uint8_t> bytes = {0x80, 1, 4};
  bytes.insert(bytes.end(), num_values.begin(), num_values.end());
  for (const uint8_t byte : {0, 2, 0, 0, 0, 0}) bytes.push_back(byte);
  return bytes;
}

TEST(DeltaDecoderTest, EqualDeltasTakeNoBits) {
  const std::vector<uint8_t> bytes = MakeSequence({0x81, 1});
  DeltaDecoder decoder(bytes, 129);
  std::vector<int64_t> values(129), expected(129);
  decoder.Decode(129, values.data());
  std::iota(expected.begin(), expected.end(), 0);
  EXPECT_EQ(values, expected);
}

TEST(DeltaDecoderTest, MoreValuesThanItsBlocksHoldAreRefused) {
  EXPECT_THROW(DeltaDecoder(MakeSequence({0x82, 1}), INT32_MAX), CorruptPage);
  EXPECT_THROW(DeltaDecoder(MakeSequence({0xff, 0xff, 0xff, 0xff, 7}), INT32_MAX), CorruptPage);
}

}  // namespace
}  // namespace quell::storage
