#include "storage/parquet/decode/delta_decoder.h"

#include <algorithm>

#include "storage/parquet/decode/bit_unpack.h"
#include "storage/parquet/decode/corrupt_page.h"
#include "storage/parquet/decode/varint.h"

namespace quell::storage {

namespace {
constexpr uint64_t kMaxValuesPerBlock = 1 << 16;  // writers use 128 to 2048
constexpr uint64_t kMiniblockMultiple = 32;
constexpr int kMaxBitWidth = 64;
}  // namespace

DeltaDecoder::DeltaDecoder(std::span<const uint8_t> bytes, int64_t max_values) : bytes_(bytes) {
  values_per_block_ = ReadVarint(&bytes_);
  miniblocks_per_block_ = ReadVarint(&bytes_);
  const uint64_t num_values = ReadVarint(&bytes_);
  last_ = static_cast<uint64_t>(ReadZigZag(&bytes_));
  RequireFormat(values_per_block_ > 0 && values_per_block_ <= kMaxValuesPerBlock && miniblocks_per_block_ > 0 &&
                    values_per_block_ % miniblocks_per_block_ == 0,
                "a delta block of impossible size");
  values_per_miniblock_ = values_per_block_ / miniblocks_per_block_;
  RequireFormat(values_per_miniblock_ % kMiniblockMultiple == 0, "a delta miniblock of impossible size");
  RequireFormat(num_values <= static_cast<uint64_t>(max_values), "more deltas than values");
  // A block has a byte for its least delta and one for each width. What promises more is no reason to allocate memory.
  const uint64_t max_blocks = bytes_.size() / (1 + miniblocks_per_block_);
  RequireFormat(num_values <= 1 + max_blocks * values_per_block_, "deltas that are cut off");
  num_values_ = static_cast<int64_t>(num_values);
  left_ = num_values_;
  undecoded_ = std::max<int64_t>(0, num_values_ - 1);
  first_is_due_ = num_values_ > 0;
}

void DeltaDecoder::ReadBlockHeader() {
  min_delta_ = static_cast<uint64_t>(ReadZigZag(&bytes_));
  RequireFormat(bytes_.size() >= miniblocks_per_block_, "a delta block without its bit widths");
  widths_ = bytes_.first(miniblocks_per_block_);
  bytes_ = bytes_.subspan(miniblocks_per_block_);
}

void DeltaDecoder::ReadMiniblock() {
  if (widths_.empty()) ReadBlockHeader();
  const int width = widths_.front();
  widths_ = widths_.subspan(1);
  RequireFormat(width <= kMaxBitWidth, "a delta of more than 64 bits");
  const size_t size = values_per_miniblock_ * width / 8;
  RequireFormat(bytes_.size() >= size, "deltas that are cut off");
  const int64_t count = std::min<int64_t>(undecoded_, static_cast<int64_t>(values_per_miniblock_));
  deltas_.resize(count);
  UnpackBits64(bytes_.first(size), width, deltas_);
  bytes_ = bytes_.subspan(size);
  undecoded_ -= count;
  next_delta_ = 0;
}

template <typename T>
void DeltaDecoder::Decode(int64_t count, T* out) {
  RequireFormat(count <= left_, "fewer deltas than values");
  left_ -= count;
  if (count > 0 && first_is_due_) {
    *out++ = static_cast<T>(last_);
    --count;
    first_is_due_ = false;
  }
  while (count > 0) {
    if (next_delta_ == deltas_.size()) ReadMiniblock();
    const int64_t part = std::min<int64_t>(count, static_cast<int64_t>(deltas_.size() - next_delta_));
    const uint64_t* deltas = deltas_.data() + next_delta_;
    uint64_t value = last_;
    for (int64_t i = 0; i < part; ++i) {
      value += deltas[i] + min_delta_;
      out[i] = static_cast<T>(value);
    }
    last_ = value;
    next_delta_ += part;
    out += part;
    count -= part;
  }
}

template void DeltaDecoder::Decode<int32_t>(int64_t, int32_t*);
template void DeltaDecoder::Decode<int64_t>(int64_t, int64_t*);

}  // namespace quell::storage
