#include "data/buffers.h"

#include <arrow/memory_pool.h>
#include <arrow/util/bitmap_ops.h>

#include <limits>

#include "base/arrow_result.h"
#include "base/error_classes.h"
#include "base/memory_pool.h"

namespace quell {

BufferPtr AllocateBytes(int64_t bytes) {
  return Unwrap(arrow::AllocateBuffer(bytes, EnginePool()), error_class::kOutOfMemory, "allocate a column");
}

BufferPtr AllocateBits(int64_t num_rows, bool value) {
  BufferPtr bits = AllocateBytes((num_rows + 7) / 8);
  std::memset(bits->mutable_data(), value ? 0xff : 0, static_cast<size_t>(bits->size()));
  return bits;
}

void PackBits(const uint8_t* bytes, int64_t num_rows, uint8_t* bits) {
  int64_t row = 0;
  for (; row + 8 <= num_rows; row += 8) {
    uint64_t eight;
    std::memcpy(&eight, bytes + row, 8);
    // Each byte is 0 or 1: the product gathers them in the highest byte, the first one lowest.
    bits[row >> 3] = static_cast<uint8_t>((eight * 0x0102040810204080ull) >> 56);
  }
  if (row == num_rows) return;
  uint8_t last = 0;
  for (int64_t i = row; i < num_rows; ++i) last |= static_cast<uint8_t>(bytes[i] << (i - row));
  bits[row >> 3] = last;
}

void UnpackBits(const uint8_t* bits, int64_t offset, int64_t num_rows, uint8_t* bytes) {
  int64_t row = 0;
  for (; row < num_rows && ((row + offset) & 7) != 0; ++row) bytes[row] = GetBit(bits, row + offset);
  for (; row + 8 <= num_rows; row += 8) {
    const uint64_t byte = bits[(row + offset) >> 3];
    // Spreads bit i of the byte to byte i.
    const uint64_t spread = ((byte * 0x0101010101010101ull) & 0x8040201008040201ull) + 0x00406070787c7e7full;
    const uint64_t eight = (spread >> 7) & 0x0101010101010101ull;
    std::memcpy(bytes + row, &eight, 8);
  }
  for (; row < num_rows; ++row) bytes[row] = GetBit(bits, row + offset);
}

BufferPtr CopyBits(const uint8_t* bits, int64_t offset, int64_t num_rows) {
  BufferPtr copy = AllocateBytes((num_rows + 7) / 8);
  if (num_rows > 0) arrow::internal::CopyBitmap(bits, offset, num_rows, copy->mutable_data(), 0);
  return copy;
}

BufferPtr AndBits(const uint8_t* a, int64_t a_offset, const uint8_t* b, int64_t b_offset, int64_t num_rows) {
  if (!a && !b) return nullptr;
  if (!a) return CopyBits(b, b_offset, num_rows);
  if (!b) return CopyBits(a, a_offset, num_rows);
  BufferPtr both = AllocateBytes((num_rows + 7) / 8);
  arrow::internal::BitmapAnd(a, a_offset, b, b_offset, num_rows, 0, both->mutable_data());
  return both;
}

Column MakeFlat(const Type& type, int64_t num_rows, BufferPtr values, BufferPtr validity) {
  const int64_t null_count = validity ? arrow::kUnknownNullCount : 0;
  return Column{
      type, Encoding::kFlat,
      arrow::ArrayData::Make(ToArrowType(type), num_rows, {std::move(validity), std::move(values)}, null_count)};
}

Column MakeDictionary(const Type& type, int64_t num_rows, BufferPtr codes, BufferPtr validity,
                      ArrayDataPtr dictionary) {
  const int64_t null_count = validity ? arrow::kUnknownNullCount : 0;
  auto data = arrow::ArrayData::Make(arrow::dictionary(arrow::int32(), dictionary->type), num_rows,
                                     {std::move(validity), std::move(codes)}, null_count);
  data->dictionary = std::move(dictionary);
  return Column{type, Encoding::kDictionary, std::move(data)};
}

Column MakeNullConstant(const Type& type) { return MakeConstant(type, Value{}); }

StringWriter::StringWriter(int64_t num_rows, int64_t byte_hint)
    : num_rows_(num_rows),
      offsets_buffer_(AllocateBytes((num_rows + 1) * static_cast<int64_t>(sizeof(int32_t)))),
      offsets_(reinterpret_cast<int32_t*>(offsets_buffer_->mutable_data())) {
  offsets_[0] = 0;
  bytes_buffer_ =
      Unwrap(arrow::AllocateResizableBuffer(byte_hint, EnginePool()), error_class::kOutOfMemory, "allocate strings");
  bytes_ = reinterpret_cast<char*>(bytes_buffer_->mutable_data());
  capacity_ = byte_hint;
}

void StringWriter::Grow(int64_t bytes) {
  const int64_t needed = size_ + bytes;
  if (needed > std::numeric_limits<int32_t>::max()) {
    throw Error(error_class::kOutOfMemory, "the strings of one batch need {} bytes, more than 2 GiB", needed);
  }
  const int64_t capacity = std::max(needed, 2 * capacity_);
  Unwrap(bytes_buffer_->Resize(size_, false), error_class::kOutOfMemory, "grow strings");
  Unwrap(bytes_buffer_->Resize(capacity, false), error_class::kOutOfMemory, "grow strings");
  bytes_ = reinterpret_cast<char*>(bytes_buffer_->mutable_data());
  capacity_ = capacity;
}

Column StringWriter::Finish(const Type& type, BufferPtr validity) {
  SkipTo(num_rows_);
  Unwrap(bytes_buffer_->Resize(size_, false), error_class::kOutOfMemory, "finish strings");
  const int64_t null_count = validity ? arrow::kUnknownNullCount : 0;
  std::shared_ptr<arrow::Buffer> bytes = std::move(bytes_buffer_);
  return Column{
      type, Encoding::kFlat,
      arrow::ArrayData::Make(ToArrowType(type), num_rows_, {std::move(validity), offsets_buffer_, bytes}, null_count)};
}

}  // namespace quell
