#include "storage/parquet/decode/byte_array_decoder.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "storage/parquet/decode/corrupt_page.h"
#include "storage/parquet/decode/delta_decoder.h"

namespace quell::storage {

namespace {

constexpr const char* kTooFewValues = "fewer values than the page announces";
constexpr const char* kCutOff = "a value that is cut off";

// Each value behind its length.
class PlainDecoder final : public ByteArrayDecoder {
 public:
  explicit PlainDecoder(std::span<const uint8_t> values) : values_(values) {}

  void Decode(std::span<std::string_view> out) override {
    for (std::string_view& value : out) value = Next();
  }
  void Skip(int64_t count) override {
    for (; count > 0; --count) Next();
  }

 private:
  std::string_view Next() {
    uint32_t length = 0;
    RequireFormat(values_.size() >= sizeof(length), kTooFewValues);
    std::memcpy(&length, values_.data(), sizeof(length));
    RequireFormat(values_.size() - sizeof(length) >= length, kCutOff);
    const std::string_view value(reinterpret_cast<const char*>(values_.data()) + sizeof(length), length);
    values_ = values_.subspan(sizeof(length) + length);
    return value;
  }

  std::span<const uint8_t> values_;
};

// All of a sequence of deltas at once; `rest` is what follows it.
std::vector<int32_t> DecodeLengths(std::span<const uint8_t> bytes, int64_t max_values, std::span<const uint8_t>* rest) {
  DeltaDecoder deltas(bytes, max_values);
  std::vector<int32_t> lengths(deltas.num_values());
  deltas.Decode(deltas.num_values(), lengths.data());
  *rest = deltas.rest();
  return lengths;
}

// All lengths, then all bytes.
class DeltaLengthDecoder final : public ByteArrayDecoder {
 public:
  DeltaLengthDecoder(std::span<const uint8_t> values, int64_t max_values)
      : lengths_(DecodeLengths(values, max_values, &bytes_)) {}

  void Decode(std::span<std::string_view> out) override {
    for (std::string_view& value : out) value = Next();
  }
  void Skip(int64_t count) override {
    for (; count > 0; --count) Next();
  }
  bool done() const { return next_ == lengths_.size(); }
  size_t num_values() const { return lengths_.size(); }

  std::string_view Next() {
    RequireFormat(!done(), kTooFewValues);
    const int32_t length = lengths_[next_++];
    RequireFormat(length >= 0 && bytes_.size() >= static_cast<size_t>(length), kCutOff);
    const std::string_view value(reinterpret_cast<const char*>(bytes_.data()), length);
    bytes_ = bytes_.subspan(length);
    return value;
  }

 private:
  std::span<const uint8_t> bytes_;  // set while lengths_ is made
  std::vector<int32_t> lengths_;
  size_t next_ = 0;
};

// Each value as the bytes that it shares with the one before, and the rest.
class DeltaByteArrayDecoder final : public ByteArrayDecoder {
 public:
  DeltaByteArrayDecoder(std::span<const uint8_t> values, int64_t max_values)
      : prefixes_(DecodeLengths(values, max_values, &suffix_bytes_)), suffixes_(suffix_bytes_, max_values) {
    RequireFormat(prefixes_.size() == suffixes_.num_values(), "as many prefixes as suffixes");
  }

  void Decode(std::span<std::string_view> out) override {
    // Ends are kept first: the text may move while it grows.
    text_.clear();
    ends_.clear();
    for (size_t i = 0; i < out.size(); ++i) {
      Advance();
      RequireFormat(text_.size() + last_.size() <= INT32_MAX, "values of more than 2 GiB");
      text_ += last_;
      ends_.push_back(text_.size());
    }
    size_t begin = 0;
    for (size_t i = 0; i < out.size(); ++i) {
      out[i] = std::string_view(text_).substr(begin, ends_[i] - begin);
      begin = ends_[i];
    }
  }
  void Skip(int64_t count) override {
    for (; count > 0; --count) Advance();
  }

 private:
  void Advance() {
    const std::string_view suffix = suffixes_.Next();
    const int32_t prefix = prefixes_[next_++];
    RequireFormat(prefix >= 0 && static_cast<size_t>(prefix) <= last_.size(), "a prefix longer than the value before");
    RequireFormat(static_cast<size_t>(prefix) + suffix.size() <= INT32_MAX, "a value of more than 2 GiB");
    last_.resize(prefix);
    last_ += suffix;
  }

  std::span<const uint8_t> suffix_bytes_;  // set while prefixes_ is made
  std::vector<int32_t> prefixes_;
  DeltaLengthDecoder suffixes_;
  size_t next_ = 0;
  std::string last_;
  std::string text_;
  std::vector<size_t> ends_;
};

}  // namespace

std::unique_ptr<ByteArrayDecoder> MakeByteArrayDecoder(parquet::Encoding::type encoding,
                                                       std::span<const uint8_t> values, int64_t max_values) {
  switch (encoding) {
    case parquet::Encoding::PLAIN: return std::make_unique<PlainDecoder>(values);
    case parquet::Encoding::DELTA_LENGTH_BYTE_ARRAY: return std::make_unique<DeltaLengthDecoder>(values, max_values);
    case parquet::Encoding::DELTA_BYTE_ARRAY: return std::make_unique<DeltaByteArrayDecoder>(values, max_values);
    default: return nullptr;
  }
}

}  // namespace quell::storage
