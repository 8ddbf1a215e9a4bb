// Snappy blocks: what the library decompresses, ours decompresses to the same bytes; what it refuses, ours refuses.
#include <snappy.h>

#include "base/check.h"
#include "fuzz/fuzzer.h"
#include "storage/parquet/decode/corrupt_page.h"
#include "storage/parquet/decode/snappy_decoder.h"

namespace quell::fuzz {
namespace {

// A block may announce 4 GiB; the column chunk around it bounds that for a real page.
constexpr int64_t kMaxBytes = 1 << 20;

std::optional<std::string> Decompress(std::span<const uint8_t> block) {
  try {
    const int64_t length = storage::SnappyLength(block);
    if (length > kMaxBytes) return std::nullopt;
    // On the heap and of the exact size, so that each byte beyond it is seen.
    std::vector<uint8_t> out(static_cast<size_t>(length));
    storage::DecompressSnappy(block, out);
    return std::string(out.begin(), out.end());
  } catch (const storage::CorruptPage&) {
    return std::nullopt;
  }
}

std::optional<std::string> DecompressByLibrary(std::string_view block) {
  size_t length = 0;
  if (!snappy::GetUncompressedLength(block.data(), block.size(), &length)) return std::nullopt;
  if (length > static_cast<size_t>(kMaxBytes)) return std::nullopt;
  std::string out;
  if (!snappy::Uncompress(block.data(), block.size(), &out)) return std::nullopt;
  return out;
}

}  // namespace

std::vector<std::string> Seeds() {
  std::string digits;
  for (int i = 0; i < 400; ++i) digits += std::to_string(i * i);
  std::vector<std::string> seeds;
  for (const std::string& text : {std::string(), std::string("a"), std::string(1000, 'b'), digits, digits + digits}) {
    snappy::Compress(text.data(), text.size(), &seeds.emplace_back());
  }
  return seeds;
}

}  // namespace quell::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const quell::fuzz::Input input(data, size);
  const auto ours = quell::fuzz::Decompress(input.bytes());
  QUELL_CHECK(ours == quell::fuzz::DecompressByLibrary(input.text()));
  return 0;
}
