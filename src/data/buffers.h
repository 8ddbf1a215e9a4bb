// Making columns from memory that is written in place.
#pragma once

#include <arrow/buffer.h>

#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

#include "data/column.h"

namespace quell {

using BufferPtr = std::shared_ptr<arrow::Buffer>;

// Memory of `bytes` with anything in it; throws UNABLE_TO_ACQUIRE_MEMORY.
BufferPtr AllocateBytes(int64_t bytes);
// Bits for `num_rows` rows, all 0 or all 1.
BufferPtr AllocateBits(int64_t num_rows, bool value);

inline bool GetBit(const uint8_t* bits, int64_t i) { return (bits[i >> 3] >> (i & 7)) & 1; }
inline void SetBit(uint8_t* bits, int64_t i) { bits[i >> 3] |= static_cast<uint8_t>(1u << (i & 7)); }
inline void ClearBit(uint8_t* bits, int64_t i) { bits[i >> 3] &= static_cast<uint8_t>(~(1u << (i & 7))); }
// bits[i] = bytes[i] for `num_rows` rows; `bytes` are 0 or 1.
void PackBits(const uint8_t* bytes, int64_t num_rows, uint8_t* bits);
void UnpackBits(const uint8_t* bits, int64_t offset, int64_t num_rows, uint8_t* bytes);
// A copy of `num_rows` bits that begins at bit 0.
BufferPtr CopyBits(const uint8_t* bits, int64_t offset, int64_t num_rows);
// The bits of both; nullptr stands for all 1.
BufferPtr AndBits(const uint8_t* a, int64_t a_offset, const uint8_t* b, int64_t b_offset, int64_t num_rows);

// A flat column over one buffer of values (bits for BOOLEAN). `validity` is nullptr when no row is null.
Column MakeFlat(const Type& type, int64_t num_rows, BufferPtr values, BufferPtr validity = nullptr);
// A column of codes into the flat column `dictionary`.
Column MakeDictionary(const Type& type, int64_t num_rows, BufferPtr codes, BufferPtr validity, ArrayDataPtr dictionary);
Column MakeNullConstant(const Type& type);

// The flat values of a dictionary column as a column.
inline Column DictionaryValues(const Column& column) {
  return Column{column.type, Encoding::kFlat, column.data->dictionary};
}

// Reads a STRING or BINARY column that is flat or constant; row 0 of a constant is every row.
class StringReader {
 public:
  explicit StringReader(const Column& column)
      : offsets_(column.data->buffers[1] ? column.data->GetValues<int32_t>(1) : nullptr),
        bytes_(column.data->buffers[2] ? reinterpret_cast<const char*>(column.data->buffers[2]->data()) : nullptr),
        mask_(column.encoding == Encoding::kConstant ? 0 : -1) {}
  std::string_view operator[](int64_t row) const {
    const int32_t* offset = offsets_ + (row & mask_);
    return {bytes_ + offset[0], static_cast<size_t>(offset[1] - offset[0])};
  }

 private:
  const int32_t* offsets_;
  const char* bytes_;
  int64_t mask_;
};

// Writes a STRING or BINARY column from its first row to its last.
class StringWriter {
 public:
  // `byte_hint`: bytes expected in all.
  explicit StringWriter(int64_t num_rows, int64_t byte_hint = 0);

  void Append(std::string_view value) {
    char* to = Reserve(static_cast<int64_t>(value.size()));
    if (!value.empty()) std::memcpy(to, value.data(), value.size());
    Advance(static_cast<int64_t>(value.size()));
  }
  // Room for `bytes` of the row being written; what Advance() then takes of it is the row.
  char* Reserve(int64_t bytes) {
    if (size_ + bytes > capacity_) [[unlikely]]
      Grow(bytes);
    return bytes_ + size_;
  }
  void Advance(int64_t bytes) {
    size_ += bytes;
    offsets_[++row_] = static_cast<int32_t>(size_);
  }
  // Adds to the row being written, which EndRow() ends.
  void AppendPart(std::string_view part) {
    char* to = Reserve(static_cast<int64_t>(part.size()));
    if (!part.empty()) std::memcpy(to, part.data(), part.size());
    size_ += static_cast<int64_t>(part.size());
  }
  void EndRow() { offsets_[++row_] = static_cast<int32_t>(size_); }
  // Empty rows up to (not with) `row`, so that rows can be left out.
  void SkipTo(int64_t row) {
    while (row_ < row) offsets_[++row_] = static_cast<int32_t>(size_);
  }
  int64_t row() const { return row_; }
  // The column; rows not written are empty.
  Column Finish(const Type& type, BufferPtr validity = nullptr);

 private:
  void Grow(int64_t bytes);

  int64_t num_rows_;
  int64_t row_ = 0;
  int64_t size_ = 0;
  int64_t capacity_ = 0;
  BufferPtr offsets_buffer_;
  std::unique_ptr<arrow::ResizableBuffer> bytes_buffer_;
  int32_t* offsets_;
  char* bytes_ = nullptr;
};

}  // namespace quell
