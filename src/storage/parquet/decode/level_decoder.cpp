#include "storage/parquet/decode/level_decoder.h"

#include <algorithm>
#include <bit>

#include <arrow/util/bit_util.h>
#include <arrow/util/bitmap_ops.h>

#include "base/arrow_result.h"
#include "base/error_classes.h"
#include "storage/parquet/decode/bit_unpack.h"
#include "storage/parquet/decode/corrupt_page.h"

namespace quell::storage {

namespace {

constexpr int kBitsPerByte = 8;

}  // namespace

void ValidityBuilder::Allocate() {
  if (buffer_) return;
  buffer_ = Unwrap(arrow::AllocateEmptyBitmap(num_rows_), error_class::kOutOfMemory, "allocate a validity bitmap");
  arrow::bit_util::SetBitsTo(buffer_->mutable_data(), 0, length_, true);
}

void ValidityBuilder::AppendValid(int64_t count) {
  if (buffer_) arrow::bit_util::SetBitsTo(buffer_->mutable_data(), length_, count, true);
  length_ += count;
}

void ValidityBuilder::AppendNulls(int64_t count) {
  if (count == 0) return;
  Allocate();
  length_ += count;
  null_count_ += count;
}

int64_t ValidityBuilder::AppendBits(const uint8_t* bits, int64_t first, int64_t count) {
  const int64_t valid = arrow::internal::CountSetBits(bits, first, count);
  if (valid == count) {
    AppendValid(count);
    return valid;
  }
  Allocate();
  arrow::internal::CopyBitmap(bits, first, count, buffer_->mutable_data(), length_);
  length_ += count;
  null_count_ += count - valid;
  return valid;
}

int LevelDecoder::BitWidth(int max_level) { return std::bit_width(static_cast<unsigned>(max_level)); }

LevelDecoder::LevelDecoder(std::span<const uint8_t> bytes, int max_level)
    : max_level_(max_level), bit_width_(BitWidth(max_level)), levels_(bytes, BitWidth(max_level)) {}

LevelDecoder LevelDecoder::FromBitPacked(std::span<const uint8_t> bytes, int max_level, int64_t num_values) {
  const int width = BitWidth(max_level);
  RequireFormat(static_cast<int64_t>(bytes.size()) * kBitsPerByte >= num_values * width, "levels that are cut off");
  // Written again as one run of the hybrid encoding: a header and values from the lowest bit on.
  const int64_t groups = (num_values + kBitsPerByte - 1) / kBitsPerByte;
  auto repacked = std::make_shared<std::vector<uint8_t>>();
  for (uint64_t header = static_cast<uint64_t>(groups) << 1 | 1; header > 0; header >>= 7) {
    repacked->push_back(static_cast<uint8_t>((header & 0x7f) | (header > 0x7f ? 0x80 : 0)));
  }
  const size_t start = repacked->size();
  repacked->resize(start + groups * width);
  for (int64_t bit = 0; bit < num_values * width; ++bit) {
    const bool is_set = bytes[bit / kBitsPerByte] >> (kBitsPerByte - 1 - bit % kBitsPerByte) & 1;
    const int64_t target = bit / width * width + (width - 1 - bit % width);
    if (is_set) (*repacked)[start + target / kBitsPerByte] |= static_cast<uint8_t>(1 << target % kBitsPerByte);
  }
  LevelDecoder decoder(*repacked, max_level);
  decoder.repacked_ = std::move(repacked);
  return decoder;
}

int64_t LevelDecoder::Decode(int64_t count, ValidityBuilder* validity) {
  if (max_level_ == 0) {
    validity->AppendValid(count);
    return count;
  }
  int64_t valid = 0;
  while (count > 0) {
    const HybridDecoder::Run run = levels_.TakeRun(count);
    count -= run.count;
    if (run.packed.empty()) {
      const bool is_valid = run.value == static_cast<uint32_t>(max_level_);
      is_valid ? validity->AppendValid(run.count) : validity->AppendNulls(run.count);
      valid += is_valid ? run.count : 0;
    } else if (bit_width_ == 1) {
      valid += validity->AppendBits(run.packed.data(), run.first, run.count);
    } else {
      scratch_.resize(run.count);
      UnpackBits(run.packed, bit_width_, run.first, scratch_);
      for (const uint32_t level : scratch_) {
        const bool is_valid = level == static_cast<uint32_t>(max_level_);
        is_valid ? validity->AppendValid(1) : validity->AppendNulls(1);
        valid += is_valid;
      }
    }
  }
  return valid;
}

int64_t LevelDecoder::CountValid(const HybridDecoder::Run& run) {
  if (run.packed.empty()) return run.value == static_cast<uint32_t>(max_level_) ? run.count : 0;
  if (bit_width_ == 1) return arrow::internal::CountSetBits(run.packed.data(), run.first, run.count);
  scratch_.resize(run.count);
  UnpackBits(run.packed, bit_width_, run.first, scratch_);
  return std::count(scratch_.begin(), scratch_.end(), static_cast<uint32_t>(max_level_));
}

int64_t LevelDecoder::Skip(int64_t count) {
  if (max_level_ == 0) return count;
  int64_t valid = 0;
  while (count > 0) {
    const HybridDecoder::Run run = levels_.TakeRun(count);
    count -= run.count;
    valid += CountValid(run);
  }
  return valid;
}

}  // namespace quell::storage
