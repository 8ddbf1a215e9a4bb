#include "storage/text/text_input.h"

#include <array>
#include <string_view>
#include <utility>

#include <arrow/io/compressed.h>
#include <arrow/util/compression.h>

#include "base/arrow_result.h"
#include "base/error_classes.h"
#include "base/memory_pool.h"
#include "storage/stream/chunk_stream.h"

namespace quell::storage {

namespace {

constexpr int64_t kWindowBytes = 1024 * 1024;

std::optional<arrow::Compression::type> CodecOf(std::string_view path) {
  static constexpr std::array<std::pair<std::string_view, arrow::Compression::type>, 4> kCodecs = {{
      {".gz", arrow::Compression::GZIP},
      {".bz2", arrow::Compression::BZ2},
      {".zst", arrow::Compression::ZSTD},
      {".lz4", arrow::Compression::LZ4_FRAME},
  }};
  for (const auto& [suffix, codec] : kCodecs) {
    if (path.ends_with(suffix)) return codec;
  }
  return std::nullopt;
}

}  // namespace

std::shared_ptr<arrow::io::InputStream> OpenTextInput(FileSystem& files, const Uri& uri) {
  std::shared_ptr<RandomAccessFile> file = files.Open(uri);
  const int64_t size = file->size_bytes();
  std::shared_ptr<arrow::io::InputStream> stream =
      std::make_shared<ChunkStream>(std::move(file), 0, size, kWindowBytes, std::make_shared<RangeReader>());
  const auto type = CodecOf(uri.path);
  if (!type) return stream;
  const std::string what = "decompress " + uri.ToString();
  std::shared_ptr<arrow::util::Codec> codec =
      Unwrap(arrow::util::Codec::Create(*type), error_class::kFailedReadFile, what);
  // The stream keeps no reference to its codec.
  auto compressed = Unwrap(arrow::io::CompressedInputStream::Make(codec.get(), stream, EnginePool()),
                           error_class::kFailedReadFile, what);
  return {compressed.get(), [compressed, codec](arrow::io::InputStream*) {}};
}

}  // namespace quell::storage
