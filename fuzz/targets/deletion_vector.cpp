// Deletion vectors in files of their own and inline in the log.
#include <roaring/roaring.h>

#include "base/check.h"
#include "delta/deletion_vector/base85.h"
#include "delta/deletion_vector/deletion_vector.h"
#include "fuzz/fuzzer.h"

namespace quell::fuzz {
namespace {

void AppendNumber(std::string* bytes, uint64_t value, int size) {
  for (int i = 0; i < size; ++i) bytes->push_back(static_cast<char>(value >> 8 * i));
}

// One bitmap in the portable format, behind its number of rows, the magic number and its key.
std::string Encode(const roaring_bitmap_t& bitmap) {
  const uint64_t rows = roaring_bitmap_get_cardinality(&bitmap);
  std::string bytes = {static_cast<char>(rows >> 16), static_cast<char>(rows >> 8), static_cast<char>(rows)};
  AppendNumber(&bytes, 1681511377, 4);
  AppendNumber(&bytes, 1, 8);
  AppendNumber(&bytes, 0, 4);
  std::string portable(roaring_bitmap_portable_size_in_bytes(&bitmap), '\0');
  roaring_bitmap_portable_serialize(&bitmap, portable.data());
  return bytes + portable;
}

}  // namespace

std::vector<std::string> Seeds() {
  std::vector<std::string> seeds;
  roaring_bitmap_t* bitmap = roaring_bitmap_create();
  for (uint32_t row = 3; row < 3000; row += 7) roaring_bitmap_add(bitmap, row);
  seeds.push_back(Encode(*bitmap));  // an array
  for (uint32_t row = 70'000; row < 90'000; row += 3) roaring_bitmap_add(bitmap, row);
  seeds.push_back(Encode(*bitmap));  // and a bitset
  roaring_bitmap_add_range(bitmap, 200'000, 260'000);
  roaring_bitmap_run_optimize(bitmap);
  seeds.push_back(Encode(*bitmap));  // and runs
  roaring_bitmap_free(bitmap);
  return seeds;
}

}  // namespace quell::fuzz

// The first three bytes are the number of rows.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace quell;
  fuzz::Input input(data, size);
  int64_t cardinality = 0;
  for (int i = 0; i < 3; ++i) cardinality = cardinality << 8 | input.TakeByte();
  // On the heap and of the exact size, so that each byte beyond it is seen.
  const std::vector<uint8_t> bytes(input.bytes().begin(), input.bytes().end());
  fuzz::Accepts([&] {
    const std::vector<int64_t> rows = delta::DecodeDeletionVector(bytes, cardinality, "the deletion vector");
    for (size_t i = 1; i < rows.size(); ++i) QUELL_CHECK(rows[i - 1] < rows[i]);
  });
  if (const auto decoded = delta::DecodeBase85(input.text())) {
    QUELL_CHECK(delta::EncodeBase85(*decoded) == input.text());
  }
  return 0;
}
