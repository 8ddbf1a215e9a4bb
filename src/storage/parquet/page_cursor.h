// The pages of one column chunk, in order.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include <parquet/column_page.h>
#include <parquet/column_reader.h>
#include <parquet/metadata.h>
#include <parquet/page_index.h>

#include "base/metrics.h"
#include "storage/stream/chunk_stream.h"

namespace quell::storage {

// Finds the page of a row. Pages in between are neither decompressed nor, where the file has an offset index, read.
// Not thread-safe; for columns that are not repeated.
class PageCursor {
 public:
  // Takes a dictionary page and its bytes, which are gone when it returns.
  using OnDictionary = std::function<void(const parquet::DictionaryPage& page, std::span<const uint8_t> bytes)>;

  // `offsets` and `metrics` may be null. `on_dictionary` is called from MoveTo.
  PageCursor(std::unique_ptr<ChunkStream> stream, const parquet::ColumnChunkMetaData& chunk,
             const parquet::ColumnDescriptor& column, std::shared_ptr<parquet::OffsetIndex> offsets, Metrics* metrics,
             OnDictionary on_dictionary);

  // Makes the page that holds `row` of the row group the current one. Rows only grow. Throws CorruptPage when the pages
  // end before it.
  void MoveTo(int64_t row);

  // nullptr before MoveTo.
  const parquet::DataPage* page() const { return page_.get(); }
  // Its levels and values; they hold until the next page.
  std::span<const uint8_t> bytes() const { return bytes_; }
  int64_t first_row() const { return first_row_; }
  int64_t end_row() const { return end_row_; }
  ChunkStream& stream() { return *stream_; }

 private:
  void SeekTo(int64_t row);
  std::shared_ptr<parquet::Page> NextPage();
  std::span<const uint8_t> Decompress(const parquet::Page& page);

  std::shared_ptr<ChunkStream> stream_;
  std::unique_ptr<parquet::PageReader> pages_;
  std::shared_ptr<parquet::OffsetIndex> offsets_;
  Metrics* const metrics_;
  const OnDictionary on_dictionary_;
  const bool is_snappy_;  // then pages come compressed, and are decompressed here
  const bool starts_with_dictionary_;
  bool is_started_ = false;
  int64_t wanted_row_ = 0;
  int64_t next_row_ = 0;  // of the page that comes next in the stream
  size_t next_page_ = 0;  // its number, with an offset index
  std::shared_ptr<parquet::DataPage> page_;
  std::span<const uint8_t> bytes_;
  std::unique_ptr<uint8_t[]> buffer_;
  int64_t buffer_bytes_ = 0;
  int64_t first_row_ = 0;
  int64_t end_row_ = 0;
};

}  // namespace quell::storage
