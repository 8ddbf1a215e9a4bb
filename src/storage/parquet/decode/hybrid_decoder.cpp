#include "storage/parquet/decode/hybrid_decoder.h"

#include <algorithm>
#include <cstring>

#include "storage/parquet/decode/bit_unpack.h"
#include "storage/parquet/decode/corrupt_page.h"
#include "storage/parquet/decode/varint.h"

namespace quell::storage {

namespace {
constexpr int kMaxBitWidth = 32;
constexpr int64_t kGroup = 8;
}  // namespace

HybridDecoder::HybridDecoder(std::span<const uint8_t> bytes, int bit_width) : bytes_(bytes), bit_width_(bit_width) {
  RequireFormat(bit_width >= 0 && bit_width <= kMaxBitWidth, "a bit width above 32");
}

void HybridDecoder::ReadHeader() {
  // Codes of a dictionary of one value may be written as no bytes at all.
  if (bit_width_ == 0 && bytes_.empty()) {
    left_ = INT64_MAX;
    value_ = 0;
    packed_ = {};
    return;
  }
  const uint64_t header = ReadVarint(&bytes_);
  const uint64_t count = header >> 1;
  RequireFormat(count <= INT32_MAX, "a run of more than 2^31 values");
  if (header & 1) {
    // The last run may be cut off after the values that are there.
    const int64_t whole = static_cast<int64_t>(count) * bit_width_;
    const int64_t there = std::min<int64_t>(whole, static_cast<int64_t>(bytes_.size()));
    left_ = bit_width_ == 0 ? static_cast<int64_t>(count) * kGroup : there * kGroup / bit_width_;
    // Kept to the end of the page, so that wide loads need no care at the end of every run.
    packed_ = bytes_;
    packed_position_ = 0;
    bytes_ = bytes_.subspan(there);
    if (bit_width_ == 0) value_ = 0;
  } else {
    const size_t value_bytes = (bit_width_ + 7) / 8;
    RequireFormat(bytes_.size() >= value_bytes, "a repeated run without its value");
    value_ = 0;
    std::memcpy(&value_, bytes_.data(), value_bytes);
    left_ = static_cast<int64_t>(count);
    packed_ = {};
    bytes_ = bytes_.subspan(value_bytes);
  }
}

HybridDecoder::Run HybridDecoder::TakeRun(int64_t max_count) {
  while (left_ == 0) {
    RequireFormat(!bytes_.empty() || bit_width_ == 0, "fewer levels or codes than values");
    ReadHeader();
  }
  Run run;
  run.count = std::min(max_count, left_);
  run.value = value_;
  run.packed = packed_;
  run.first = packed_position_;
  left_ -= run.count;
  packed_position_ += run.count;
  return run;
}

void HybridDecoder::Decode(std::span<uint32_t> out) {
  while (!out.empty()) {
    const Run run = TakeRun(static_cast<int64_t>(out.size()));
    const std::span<uint32_t> part = out.first(run.count);
    if (run.packed.empty()) {
      std::fill(part.begin(), part.end(), run.value);
    } else {
      UnpackBits(run.packed, bit_width_, run.first, part);
    }
    out = out.subspan(run.count);
  }
}

void HybridDecoder::Skip(int64_t count) {
  while (count > 0) count -= TakeRun(count).count;
}

}  // namespace quell::storage
