#include "delta/deletion_vector/deletion_vector.h"

#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>
#include <roaring/roaring.h>
#include <zlib.h>

#include "delta/deletion_vector/base85.h"
#include "delta/error_classes.h"

namespace quell::delta {
namespace {

template <typename T>
void AppendNumber(std::vector<uint8_t>* bytes, T value, bool big_endian = false) {
  for (size_t i = 0; i < sizeof(T); ++i) {
    const size_t shift = 8 * (big_endian ? sizeof(T) - 1 - i : i);
    bytes->push_back(static_cast<uint8_t>(static_cast<uint64_t>(value) >> shift));
  }
}

// The bitmap with rows 3, 7 and 2^32 + 1.
std::vector<uint8_t> MakeBitmap() {
  std::vector<uint8_t> bytes;
  AppendNumber<uint32_t>(&bytes, 1681511377);
  AppendNumber<uint64_t>(&bytes, 2);
  for (uint32_t key = 0; key < 2; ++key) {
    AppendNumber<uint32_t>(&bytes, key);
    roaring_bitmap_t* bitmap = key == 0 ? roaring_bitmap_of(2, 3, 7) : roaring_bitmap_of(1, 1);
    std::vector<char> text(roaring_bitmap_portable_size_in_bytes(bitmap));
    roaring_bitmap_portable_serialize(bitmap, text.data());
    roaring_bitmap_free(bitmap);
    bytes.insert(bytes.end(), text.begin(), text.end());
  }
  return bytes;
}

const std::vector<int64_t> kRows = {3, 7, (int64_t{1} << 32) + 1};

class DeletionVectorTest : public testing::Test {
 protected:
  DeletionVectorTest() {
    std::string name = testing::TempDir() + "quell-XXXXXX";
    table_ = storage::Uri::Parse(mkdtemp(name.data()));
    files_ = storage::MakeFileSystem(table_, {});
  }
  ~DeletionVectorTest() override { std::filesystem::remove_all(table_.path); }

  std::string ErrorOf(const DeletionVectorDescriptor& vector) {
    try {
      ReadDeletionVector(*files_, table_, vector);
      return "none";
    } catch (const Error& error) {
      return error.error_class() == error_class::kDeletionVector ? error.message() : error.what();
    }
  }

  storage::Uri table_;
  storage::FileSystemPtr files_;
};

TEST_F(DeletionVectorTest, Inline) {
  const auto bytes = MakeBitmap();
  DeletionVectorDescriptor vector{'i', EncodeBase85(bytes), {}, static_cast<int32_t>(bytes.size()), 3};
  EXPECT_EQ(ReadDeletionVector(*files_, table_, vector), kRows);
  vector.cardinality = 4;
  EXPECT_NE(ErrorOf(vector).find("it has 3 rows, not 4"), std::string::npos);
  vector.path_or_inline = "\"";
  EXPECT_NE(ErrorOf(vector).find("base 85"), std::string::npos);
}

TEST_F(DeletionVectorTest, InFiles) {
  const auto bytes = MakeBitmap();
  std::vector<uint8_t> file = {1};
  AppendNumber<uint32_t>(&file, static_cast<uint32_t>(bytes.size()), true);
  file.insert(file.end(), bytes.begin(), bytes.end());
  AppendNumber<uint32_t>(&file, static_cast<uint32_t>(crc32_z(0, bytes.data(), bytes.size())), true);
  // The example of the protocol: this UUID in base 85.
  const std::string uuid_text = "ab^-aqEH.-t@S}K{vb[*k^";
  const auto uri = table_.Child("ab/deletion_vector_d2c639aa-8816-431a-aaf6-d3fe2512ff61.bin");
  files_->Put(uri, file);
  DeletionVectorDescriptor vector{'u', uuid_text, 1, static_cast<int32_t>(bytes.size()), 3};
  EXPECT_EQ(ReadDeletionVector(*files_, table_, vector), kRows);
  vector.storage_type = 'p';
  vector.path_or_inline = "file://" + uri.path;
  EXPECT_EQ(ReadDeletionVector(*files_, table_, vector), kRows);

  file[20] ^= 1;
  files_->Put(uri, file);
  EXPECT_NE(ErrorOf(vector).find("checksum"), std::string::npos);
  vector.storage_type = 'x';
  EXPECT_NE(ErrorOf(vector).find("storage type 'x'"), std::string::npos);
}

TEST_F(DeletionVectorTest, DamagedBitmapsAreRefused) {
  const auto bytes = MakeBitmap();
  // Our error is all that is said of it.
  testing::internal::CaptureStderr();
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THROW(DecodeDeletionVector({bytes.data(), size}, kRows.size(), "it"), Error) << size;
    std::vector<uint8_t> changed = bytes;
    for (int bit = 0; bit < 8; ++bit) {
      changed[size] = bytes[size] ^ static_cast<uint8_t>(1 << bit);
      try {
        EXPECT_EQ(DecodeDeletionVector(changed, kRows.size(), "it").size(), kRows.size());
      } catch (const Error& error) {
        EXPECT_EQ(error.error_class(), error_class::kDeletionVector);
      }
    }
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST_F(DeletionVectorTest, BitmapsThatCountWrongAreRefused) {
  std::vector<uint8_t> bytes;
  AppendNumber<uint32_t>(&bytes, 1681511377);
  AppendNumber<uint64_t>(&bytes, 1);
  AppendNumber<uint32_t>(&bytes, 0);
  AppendNumber<uint32_t>(&bytes, 12346);  // no runs
  AppendNumber<uint32_t>(&bytes, 1);      // one container
  AppendNumber<uint16_t>(&bytes, 0);
  AppendNumber<uint16_t>(&bytes, 4999);  // of 5000 values, which makes it a bitset
  AppendNumber<uint32_t>(&bytes, 16);
  bytes.resize(bytes.size() + 8192, 0xff);  // that has all 65536 of them
  EXPECT_THROW(DecodeDeletionVector(bytes, 5000, "it"), Error);
}

TEST_F(DeletionVectorTest, NoMemoryForWhatIsNotThere) {
  const auto uri = table_.Child("short.bin");
  files_->Put(uri, std::vector<uint8_t>(10));
  EXPECT_NE(ErrorOf({'p', "file://" + uri.path, 0, INT32_MAX, 1}).find("ends too early"), std::string::npos);
}

}  // namespace
}  // namespace quell::delta
