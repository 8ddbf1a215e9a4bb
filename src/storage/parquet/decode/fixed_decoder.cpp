#include "storage/parquet/decode/fixed_decoder.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <vector>

#include "storage/parquet/decode/byte_array_decoder.h"
#include "storage/parquet/decode/corrupt_page.h"
#include "storage/parquet/decode/delta_decoder.h"
#include "storage/parquet/decode/hybrid_decoder.h"

namespace quell::storage {

namespace {

constexpr const char* kTooFewValues = "fewer values than the page announces";

class PlainDecoder final : public FixedDecoder {
 public:
  PlainDecoder(std::span<const uint8_t> values, int width) : values_(values), width_(width) {}

  void Decode(int64_t count, uint8_t* out) override {
    const size_t bytes = static_cast<size_t>(count) * width_;
    RequireFormat(values_.size() >= bytes, kTooFewValues);
    if (bytes > 0) std::memcpy(out, values_.data(), bytes);
    values_ = values_.subspan(bytes);
  }
  void Skip(int64_t count) override {
    const size_t bytes = static_cast<size_t>(count) * width_;
    RequireFormat(values_.size() >= bytes, kTooFewValues);
    values_ = values_.subspan(bytes);
  }

 private:
  std::span<const uint8_t> values_;
  const int width_;
};

template <int kWidth>
void MergeStreams(const uint8_t* from, int64_t stride, int64_t count, uint8_t* out) {
  for (int64_t i = 0; i < count; ++i) {
    for (int byte = 0; byte < kWidth; ++byte) out[i * kWidth + byte] = from[byte * stride + i];
  }
}

// Byte k of all values stands together, for each k.
class ByteStreamSplitDecoder final : public FixedDecoder {
 public:
  ByteStreamSplitDecoder(std::span<const uint8_t> values, int width) : values_(values), width_(width) {
    RequireFormat(values.size() % width == 0, "split streams of different lengths");
    stride_ = static_cast<int64_t>(values.size()) / width;
  }

  void Decode(int64_t count, uint8_t* out) override {
    RequireFormat(position_ + count <= stride_, kTooFewValues);
    const uint8_t* from = values_.data() + position_;
    switch (width_) {
      case 4: MergeStreams<4>(from, stride_, count, out); break;
      case 8: MergeStreams<8>(from, stride_, count, out); break;
      default:
        for (int64_t i = 0; i < count; ++i) {
          for (int byte = 0; byte < width_; ++byte) out[i * width_ + byte] = from[byte * stride_ + i];
        }
    }
    position_ += count;
  }
  void Skip(int64_t count) override {
    RequireFormat(position_ + count <= stride_, kTooFewValues);
    position_ += count;
  }

 private:
  const std::span<const uint8_t> values_;
  const int width_;
  int64_t stride_ = 0;
  int64_t position_ = 0;
};

template <typename T>
class DeltaFixedDecoder final : public FixedDecoder {
 public:
  explicit DeltaFixedDecoder(std::span<const uint8_t> values, int64_t max_values) : deltas_(values, max_values) {}

  void Decode(int64_t count, uint8_t* out) override { deltas_.Decode(count, reinterpret_cast<T*>(out)); }
  void Skip(int64_t count) override {
    scratch_.resize(std::min(count, kStep));
    for (; count > 0; count -= kStep) deltas_.Decode(std::min(count, kStep), scratch_.data());
  }

 private:
  static constexpr int64_t kStep = 1024;
  DeltaDecoder deltas_;
  std::vector<T> scratch_;
};

// Values of one width in an encoding for values of any length.
class PrefixedDecoder final : public FixedDecoder {
 public:
  PrefixedDecoder(std::unique_ptr<ByteArrayDecoder> values, int width) : values_(std::move(values)), width_(width) {}

  void Decode(int64_t count, uint8_t* out) override {
    scratch_.resize(count);
    values_->Decode(scratch_);
    for (const std::string_view value : scratch_) {
      RequireFormat(value.size() == static_cast<size_t>(width_), "a value of another length than its type");
      std::memcpy(out, value.data(), width_);
      out += width_;
    }
  }
  void Skip(int64_t count) override { values_->Skip(count); }

 private:
  const std::unique_ptr<ByteArrayDecoder> values_;
  const int width_;
  std::vector<std::string_view> scratch_;
};

class PlainBooleanDecoder final : public FixedDecoder {
 public:
  explicit PlainBooleanDecoder(std::span<const uint8_t> bits) : bits_(bits) {}

  void Decode(int64_t count, uint8_t* out) override {
    Require(count);
    for (int64_t i = 0; i < count; ++i, ++position_) out[i] = bits_[position_ / 8] >> (position_ % 8) & 1;
  }
  void Skip(int64_t count) override {
    Require(count);
    position_ += count;
  }

 private:
  void Require(int64_t count) const {
    RequireFormat(position_ + count <= static_cast<int64_t>(bits_.size()) * 8, kTooFewValues);
  }

  const std::span<const uint8_t> bits_;
  int64_t position_ = 0;
};

class HybridBooleanDecoder final : public FixedDecoder {
 public:
  explicit HybridBooleanDecoder(std::span<const uint8_t> values) : values_(Payload(values), 1) {}

  void Decode(int64_t count, uint8_t* out) override {
    scratch_.resize(count);
    values_.Decode(scratch_);
    for (int64_t i = 0; i < count; ++i) out[i] = scratch_[i] & 1;
  }
  void Skip(int64_t count) override { values_.Skip(count); }

 private:
  // The bytes are preceded by their number.
  static std::span<const uint8_t> Payload(std::span<const uint8_t> values) {
    uint32_t length = 0;
    RequireFormat(values.size() >= sizeof(length), kTooFewValues);
    std::memcpy(&length, values.data(), sizeof(length));
    RequireFormat(values.size() - sizeof(length) >= length, kTooFewValues);
    return values.subspan(sizeof(length), length);
  }

  HybridDecoder values_;
  std::vector<uint32_t> scratch_;
};

}  // namespace

std::unique_ptr<FixedDecoder> MakeFixedDecoder(parquet::Encoding::type encoding, parquet::Type::type type, int width,
                                               std::span<const uint8_t> values, int64_t max_values) {
  const bool is_boolean = type == parquet::Type::BOOLEAN;
  switch (encoding) {
    case parquet::Encoding::PLAIN:
      if (is_boolean) return std::make_unique<PlainBooleanDecoder>(values);
      return std::make_unique<PlainDecoder>(values, width);
    case parquet::Encoding::RLE: return is_boolean ? std::make_unique<HybridBooleanDecoder>(values) : nullptr;
    case parquet::Encoding::BYTE_STREAM_SPLIT:
      return is_boolean ? nullptr : std::make_unique<ByteStreamSplitDecoder>(values, width);
    case parquet::Encoding::DELTA_BINARY_PACKED:
      if (type == parquet::Type::INT32) return std::make_unique<DeltaFixedDecoder<int32_t>>(values, max_values);
      if (type == parquet::Type::INT64) return std::make_unique<DeltaFixedDecoder<int64_t>>(values, max_values);
      return nullptr;
    case parquet::Encoding::DELTA_BYTE_ARRAY:
      if (type != parquet::Type::FIXED_LEN_BYTE_ARRAY) return nullptr;
      return std::make_unique<PrefixedDecoder>(MakeByteArrayDecoder(encoding, values, max_values), width);
    default: return nullptr;
  }
}

int PhysicalWidth(parquet::Type::type type, int type_length) {
  constexpr int kInt96Width = 12;
  switch (type) {
    case parquet::Type::BOOLEAN: return 1;
    case parquet::Type::INT32:
    case parquet::Type::FLOAT: return 4;
    case parquet::Type::INT64:
    case parquet::Type::DOUBLE: return 8;
    case parquet::Type::INT96: return kInt96Width;
    case parquet::Type::FIXED_LEN_BYTE_ARRAY: return type_length;
    default: return 0;
  }
}

}  // namespace quell::storage
