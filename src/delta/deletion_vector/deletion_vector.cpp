#include "delta/deletion_vector/deletion_vector.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include <fmt/format.h>
#include <roaring/roaring.h>
#include <zlib.h>

#include "delta/deletion_vector/base85.h"
#include "delta/error_classes.h"
#include "delta/spec/path.h"

namespace quell::delta {

namespace {

constexpr uint32_t kMagic = 1681511377;
constexpr size_t kUuidCharacters = 20;

[[noreturn]] void ThrowInvalid(const std::string& what, std::string_view reason) {
  throw Error(error_class::kDeletionVector, "cannot read {}: {}; the deletion vector is damaged", what, reason);
}

uint32_t BigEndian32(const uint8_t* bytes) {
  return uint32_t{bytes[0]} << 24 | uint32_t{bytes[1]} << 16 | uint32_t{bytes[2]} << 8 | bytes[3];
}

// Takes little-endian numbers from the front of a span.
template <typename T>
T Take(std::span<const uint8_t>* bytes, const std::string& what) {
  if (bytes->size() < sizeof(T)) ThrowInvalid(what, "it ends too early");
  T value;
  std::memcpy(&value, bytes->data(), sizeof(T));
  *bytes = bytes->subspan(sizeof(T));
  return value;
}

// Bytes of the bitmap that these begin with; 0 where it is none. CRoaring prints to stderr when it fails to read a
// bitmap, but measures it in silence, which checks all of its bounds but a negative number of containers.
size_t BitmapSize(std::span<const uint8_t> bytes) {
  constexpr uint32_t kNoRunsCookie = 12346;
  constexpr uint32_t kMaxContainers = 1 << 16;
  uint32_t head[2] = {};  // the cookie, and without runs the number of containers
  std::memcpy(head, bytes.data(), std::min(bytes.size(), sizeof(head)));
  if (head[0] == kNoRunsCookie && head[1] > kMaxContainers) return 0;
  return roaring_bitmap_portable_deserialize_size(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

struct FreeBitmap {
  void operator()(roaring_bitmap_t* bitmap) const { roaring_bitmap_free(bitmap); }
};

// "ab^-aqEH.-t@S}K{vb[*k^": a folder, then a UUID of twenty characters.
storage::Uri UuidFile(const storage::Uri& table, const std::string& text) {
  const std::string what = "the deletion vector '" + text + "'";
  if (text.size() < kUuidCharacters) ThrowInvalid(what, "its UUID is too short");
  const size_t folder_length = text.size() - kUuidCharacters;
  const auto uuid = DecodeBase85(std::string_view(text).substr(folder_length));
  if (!uuid) ThrowInvalid(what, "its UUID is not base 85");
  std::string name = text.substr(0, folder_length) + (folder_length > 0 ? "/" : "") + "deletion_vector_";
  for (size_t i = 0; i < uuid->size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) name += '-';
    name += fmt::format("{:02x}", (*uuid)[i]);
  }
  return table.Child(name + ".bin");
}

// In a file: size, bitmap, CRC-32 of the bitmap; the numbers are big-endian.
std::vector<uint8_t> ReadFromFile(storage::FileSystem& files, const storage::Uri& uri, int64_t offset,
                                  int32_t size_bytes) {
  constexpr size_t kNumber = sizeof(uint32_t);
  const std::string what = "the deletion vector in " + uri.ToString();
  if (size_bytes < 0 || offset < 0) ThrowInvalid(what, "its size or offset is negative");
  const auto file = files.Open(uri);
  // Before memory is taken for what cannot be there.
  if (file->size_bytes() < int64_t{size_bytes} + int64_t{2 * kNumber}) ThrowInvalid(what, "the file ends too early");
  std::vector<uint8_t> framed(static_cast<size_t>(size_bytes) + 2 * kNumber);
  file->ReadAt(offset, framed);
  if (BigEndian32(framed.data()) != static_cast<uint32_t>(size_bytes)) {
    ThrowInvalid(what, "its size is not the one that the log says");
  }
  std::vector<uint8_t> bytes(framed.begin() + kNumber, framed.end() - kNumber);
  if (crc32_z(0, bytes.data(), bytes.size()) != BigEndian32(framed.data() + kNumber + bytes.size())) {
    ThrowInvalid(what, "its checksum does not agree");
  }
  return bytes;
}

// Gathers the rows of one bitmap after the other. CRoaring believes the bytes of a bitmap: its counts may be wrong and
// its values out of order. So memory follows the rows that come, up to the number that the log says.
class RowCollector {
 public:
  RowCollector(int64_t cardinality, const std::string& what) : cardinality_(cardinality), what_(what) {}

  void Add(uint32_t key, const roaring_bitmap_t& bitmap) {
    base_ = static_cast<int64_t>(key) << 32;
    roaring_iterate(&bitmap, &RowCollector::Take, this);
    if (!problem_.empty()) ThrowInvalid(what_, problem_);
  }
  std::vector<int64_t> Finish() {
    if (std::ssize(rows_) != cardinality_) {
      ThrowInvalid(what_, fmt::format("it has {} rows, not {}", rows_.size(), cardinality_));
    }
    return std::move(rows_);
  }

 private:
  // Called from C, through which nothing may be thrown.
  static bool Take(uint32_t low, void* collector) {
    auto* self = static_cast<RowCollector*>(collector);
    const int64_t row = self->base_ | low;
    if (std::ssize(self->rows_) >= self->cardinality_) self->problem_ = "it has more rows than the log says";
    if (!self->rows_.empty() && self->rows_.back() >= row) self->problem_ = "its rows are not in order";
    if (self->problem_.empty()) self->rows_.push_back(row);
    return self->problem_.empty();
  }

  const int64_t cardinality_;
  const std::string& what_;
  int64_t base_ = 0;
  std::vector<int64_t> rows_;
  std::string_view problem_;
};

}  // namespace

std::vector<int64_t> DecodeDeletionVector(std::span<const uint8_t> bytes, int64_t cardinality,
                                          const std::string& what) {
  if (Take<uint32_t>(&bytes, what) != kMagic) ThrowInvalid(what, "its magic number is wrong");
  const auto num_bitmaps = Take<uint64_t>(&bytes, what);
  RowCollector rows(cardinality, what);
  int64_t previous_key = -1;
  for (uint64_t i = 0; i < num_bitmaps; ++i) {
    const auto key = Take<uint32_t>(&bytes, what);
    if (key <= previous_key) ThrowInvalid(what, "its keys are not in order");
    previous_key = key;
    const auto* serialized = reinterpret_cast<const char*>(bytes.data());
    const size_t size = BitmapSize(bytes);
    const std::unique_ptr<roaring_bitmap_t, FreeBitmap> bitmap(
        size > 0 ? roaring_bitmap_portable_deserialize_safe(serialized, size) : nullptr);
    if (!bitmap) ThrowInvalid(what, "its bitmap is not well-formed");
    bytes = bytes.subspan(size);
    rows.Add(key, *bitmap);
  }
  return rows.Finish();
}

std::vector<int64_t> ReadDeletionVector(storage::FileSystem& files, const storage::Uri& table,
                                        const DeletionVectorDescriptor& vector) {
  std::string what = "the deletion vector";
  std::vector<uint8_t> bytes;
  if (vector.storage_type == 'i') {
    auto decoded = DecodeBase85(vector.path_or_inline);
    if (!decoded || decoded->size() < static_cast<size_t>(vector.size_bytes)) {
      ThrowInvalid(what, "its inline text is not base 85 of its size");
    }
    decoded->resize(static_cast<size_t>(vector.size_bytes));
    bytes = std::move(*decoded);
  } else if (vector.storage_type == 'u' || vector.storage_type == 'p') {
    const storage::Uri uri = vector.storage_type == 'u' ? UuidFile(table, vector.path_or_inline)
                                                        : ResolvePath(table, DecodePath(vector.path_or_inline));
    what += " in " + uri.ToString();
    bytes = ReadFromFile(files, uri, vector.offset.value_or(0), vector.size_bytes);
  } else {
    ThrowInvalid(what, fmt::format("its storage type '{}' is not known", vector.storage_type));
  }
  return DecodeDeletionVector(bytes, vector.cardinality, what);
}

}  // namespace quell::delta
