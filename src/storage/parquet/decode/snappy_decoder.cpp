#include "storage/parquet/decode/snappy_decoder.h"

#include <bit>
#include <cstring>

#include "storage/parquet/decode/corrupt_page.h"
#include "storage/parquet/decode/varint.h"

namespace quell::storage {

namespace {

constexpr const char* kCutOff = "a compressed page that is cut off";
constexpr const char* kTooLong = "a compressed page that is longer than it says";
constexpr const char* kBadCopy = "a compressed page that copies from before its begin";

static_assert(std::endian::native == std::endian::little);

constexpr int kBlock = 16;
constexpr int kMaxShortLiteral = 60;   // longer ones have their length behind the tag
constexpr ptrdiff_t kFastInput = 72;   // a tag, and the 64 bytes that a short literal may load
constexpr ptrdiff_t kFastOutput = 80;  // the 64 bytes that an element may store, and one block more

// Values of 8 bytes that share their upper bytes with one a few values before (times, ids, amounts in files that are
// not dictionary-encoded) become pairs of elements: a literal of the lower bytes, and a short copy of the rest.
constexpr int kValueBytes = 8;
constexpr int kMinShortCopy = 4;
constexpr int kMaxPairLiteral = kValueBytes - kMinShortCopy;

template <int kBytes>
void CopyBytes(uint8_t* to, const uint8_t* from) {
  uint8_t bytes[kBytes];
  std::memcpy(bytes, from, kBytes);
  std::memcpy(to, bytes, kBytes);
}

uint32_t LoadLittleEndian(const uint8_t* from, int count) {
  uint32_t value = 0;
  for (int i = 0; i < count; ++i) value |= uint32_t{from[i]} << (8 * i);
  return value;
}

class Decompressor {
 public:
  Decompressor(std::span<const uint8_t> block, std::span<uint8_t> out)
      : in_(block.data()),
        in_end_(block.data() + block.size()),
        out_begin_(out.data()),
        out_(out.data()),
        out_end_(out.data() + out.size()) {}

  void Run() {
    while (in_ < in_end_) {
      const uint8_t* in = in_;
      uint8_t* out = out_;
      // While both ends are far, whole blocks are copied in place of the bytes that count.
      while (in_end_ - in >= kFastInput && out_end_ - out >= kFastOutput) {
        const uint8_t tag = *in;
        if ((tag & 3) == 0) {
          if (TakePairs(&in, &out)) continue;
          const int length = (tag >> 2) + 1;
          if (length > kMaxShortLiteral) break;
          CopyBytes<kBlock>(out, in + 1);
          if (length > kBlock) [[unlikely]] {
            for (int done = kBlock; done < length; done += kBlock) CopyBytes<kBlock>(out + done, in + 1 + done);
          }
          in += 1 + length;
          out += length;
          continue;
        }
        uint32_t offset;
        int length;
        if ((tag & 3) == 1) {
          length = ((tag >> 2) & 7) + 4;
          offset = uint32_t{tag & 0xe0u} << 3 | in[1];
          in += 2;
        } else if ((tag & 3) == 2) {
          length = (tag >> 2) + 1;
          uint16_t two_bytes;
          std::memcpy(&two_bytes, in + 1, sizeof(two_bytes));
          offset = two_bytes;
          in += 3;
        } else {
          length = (tag >> 2) + 1;
          std::memcpy(&offset, in + 1, sizeof(offset));
          in += 5;
        }
        RequireFormat(offset - 1 < static_cast<uint64_t>(out - out_begin_), kBadCopy);
        CopyBack(out, offset, length);
        out += length;
      }
      in_ = in;
      out_ = out;
      if (in_ < in_end_) RunElement();
    }
    RequireFormat(out_ == out_end_, kCutOff);
  }

 private:
  // Takes pairs of one shape: a literal of `kLiteral` bytes, and a copy that fills the value up. Element by element,
  // each value would load what two stores have just written, which processors do not forward; put together in a
  // register, it is one store, that the loads of later values match. The shape is left to branch prediction, so that no
  // pair waits for the lengths of the one before.
  template <int kLiteral>
  bool TakePair(const uint8_t** in, uint8_t** out) const {
    constexpr int kCopyTagBit = 8 * (1 + kLiteral);
    constexpr uint64_t kShapeMask = uint64_t{0x1f} << kCopyTagBit | 0xff;
    constexpr uint64_t kCopyTag = (kMaxPairLiteral - kLiteral) << 2 | 1;
    constexpr uint64_t kShape = kCopyTag << kCopyTagBit | uint64_t{(kLiteral - 1) << 2};
    constexpr uint64_t kLiteralMask = (uint64_t{1} << 8 * kLiteral) - 1;
    uint64_t pair;
    std::memcpy(&pair, *in, sizeof(pair));
    if ((pair & kShapeMask) != kShape) return false;
    const uint64_t copy = pair >> kCopyTagBit;
    const uint64_t offset = (copy & 0xe0) << 3 | (copy >> 8 & 0xff);
    // Of a nearer copy the value itself would be a part.
    if (offset < kValueBytes || offset > static_cast<uint64_t>(*out - out_begin_)) return false;
    uint64_t value;
    std::memcpy(&value, *out - offset, sizeof(value));
    value = (value & ~kLiteralMask) | (pair >> 8 & kLiteralMask);
    std::memcpy(*out, &value, sizeof(value));
    *in += kLiteral + 3;
    *out += kValueBytes;
    return true;
  }

  // All pairs from here on; false when there is none. Most frequent shapes first.
  bool TakePairs(const uint8_t** in, uint8_t** out) const {
    const uint8_t* const begin = *in;
    while (in_end_ - *in >= kFastInput && out_end_ - *out >= kFastOutput &&
           (TakePair<3>(in, out) || TakePair<2>(in, out) || TakePair<4>(in, out) || TakePair<1>(in, out))) {
    }
    return *in != begin;
  }

  // Copies within the output; may write up to one block more.
  static void CopyBack(uint8_t* out, uint32_t offset, int length) {
    const uint8_t* from = out - offset;
    if (offset >= kBlock) {
      CopyBytes<kBlock>(out, from);
      for (int done = kBlock; done < length; done += kBlock) CopyBytes<kBlock>(out + done, from + done);
    } else if (offset >= 8) {
      for (int done = 0; done < length; done += 8) CopyBytes<8>(out + done, from + done);
    } else {
      for (int i = 0; i < length; ++i) out[i] = from[i];
    }
  }

  // One element, with care: near the ends, and for long literals.
  void RunElement() {
    const uint8_t tag = *in_++;
    const int extra = ExtraBytes(tag);
    RequireFormat(in_end_ - in_ >= extra, kCutOff);
    const uint32_t operand = LoadLittleEndian(in_, extra);
    in_ += extra;
    if ((tag & 3) == 0) {
      const int64_t length = int64_t{extra > 0 ? operand : tag >> 2u} + 1;
      RequireFormat(in_end_ - in_ >= length, kCutOff);
      RequireFormat(out_end_ - out_ >= length, kTooLong);
      std::memcpy(out_, in_, length);
      in_ += length;
      out_ += length;
      return;
    }
    const bool is_short = (tag & 3) == 1;
    const int length = is_short ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const uint32_t offset = is_short ? uint32_t{tag & 0xe0u} << 3 | operand : operand;
    RequireFormat(offset - 1 < static_cast<uint64_t>(out_ - out_begin_), kBadCopy);
    RequireFormat(out_end_ - out_ >= length, kTooLong);
    for (int i = 0; i < length; ++i) out_[i] = out_[i - static_cast<int64_t>(offset)];
    out_ += length;
  }

  // Bytes of the length or offset behind a tag.
  static int ExtraBytes(uint8_t tag) {
    switch (tag & 3) {
      case 0: return (tag >> 2) >= kMaxShortLiteral ? (tag >> 2) - kMaxShortLiteral + 1 : 0;
      case 1: return 1;
      case 2: return 2;
      default: return 4;
    }
  }

  const uint8_t* in_;
  const uint8_t* const in_end_;
  uint8_t* const out_begin_;
  uint8_t* out_;
  uint8_t* const out_end_;
};

}  // namespace

int64_t SnappyLength(std::span<const uint8_t> block) {
  const uint64_t length = ReadVarint(&block);
  // Three bytes become 64 at most: what promises more is no reason to allocate memory.
  constexpr uint64_t kMaxRatio = 22;
  RequireFormat(length <= INT32_MAX && length <= block.size() * kMaxRatio, "a compressed page of impossible length");
  return static_cast<int64_t>(length);
}

void DecompressSnappy(std::span<const uint8_t> block, std::span<uint8_t> out) {
  ReadVarint(&block);
  Decompressor(block, out).Run();
}

}  // namespace quell::storage
