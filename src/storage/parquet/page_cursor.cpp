#include "storage/parquet/page_cursor.h"

#include <algorithm>

#include "base/memory_pool.h"
#include "storage/parquet/decode/corrupt_page.h"
#include "storage/parquet/decode/snappy_decoder.h"

namespace quell::storage {

PageCursor::PageCursor(std::unique_ptr<ChunkStream> stream, const parquet::ColumnChunkMetaData& chunk,
                       const parquet::ColumnDescriptor& column, std::shared_ptr<parquet::OffsetIndex> offsets,
                       Metrics* metrics, OnDictionary on_dictionary)
    : stream_(std::move(stream)),
      offsets_(std::move(offsets)),
      metrics_(metrics),
      on_dictionary_(std::move(on_dictionary)),
      is_snappy_(chunk.compression() == parquet::Compression::SNAPPY),
      starts_with_dictionary_(chunk.has_dictionary_page()) {
  parquet::ReaderProperties properties(EnginePool());
  properties.set_page_checksum_verification(true);
  const auto codec = is_snappy_ ? parquet::Compression::UNCOMPRESSED : chunk.compression();
  pages_ = parquet::PageReader::Open(stream_, chunk.num_values(), codec, properties, column);
  // Asked before each data page is decompressed: true leaves it out.
  pages_->set_data_page_filter([this](const parquet::DataPageStats& next) {
    if (next.num_values < 0 || next_row_ + next.num_values > wanted_row_) return false;
    next_row_ += next.num_values;
    ++next_page_;
    return true;
  });
}

std::shared_ptr<parquet::Page> PageCursor::NextPage() {
  std::shared_ptr<parquet::Page> page = pages_->NextPage();
  RequireFormat(page != nullptr, "fewer rows than the row group");
  is_started_ = true;
  return page;
}

std::span<const uint8_t> PageCursor::Decompress(const parquet::Page& page) {
  const std::span<const uint8_t> stored(page.data(), page.size());
  if (!is_snappy_) return stored;
  // The levels of a page of version 2 stand in front, not compressed.
  std::span<const uint8_t> levels;
  if (page.type() == parquet::PageType::DATA_PAGE_V2) {
    const auto& v2 = static_cast<const parquet::DataPageV2&>(page);
    if (!v2.is_compressed()) return stored;
    const int64_t bytes = int64_t{v2.definition_levels_byte_length()} + v2.repetition_levels_byte_length();
    RequireFormat(v2.definition_levels_byte_length() >= 0 && v2.repetition_levels_byte_length() >= 0 &&
                      bytes <= static_cast<int64_t>(stored.size()),
                  "levels that are longer than their page");
    levels = stored.first(bytes);
  }
  const std::span<const uint8_t> block = stored.subspan(levels.size());
  const int64_t value_bytes = block.empty() ? 0 : SnappyLength(block);
  const int64_t total = static_cast<int64_t>(levels.size()) + value_bytes;
  if (total > buffer_bytes_) {
    buffer_.reset(new uint8_t[total]);
    buffer_bytes_ = total;
  }
  const std::span<uint8_t> out(buffer_.get(), total);
  std::copy(levels.begin(), levels.end(), out.begin());
  if (!block.empty()) DecompressSnappy(block, out.subspan(levels.size()));
  return out;
}

void PageCursor::SeekTo(int64_t row) {
  const auto& locations = offsets_->page_locations();
  const auto after = std::upper_bound(locations.begin(), locations.end(), row,
                                      [](int64_t r, const auto& page) { return r < page.first_row_index; });
  if (after == locations.begin()) return;
  const size_t page = after - locations.begin() - 1;
  if (page <= next_page_) return;
  RequireFormat(locations[page].first_row_index >= next_row_, "a page index whose rows are not in order");
  stream_->Seek(locations[page].offset);
  next_page_ = page;
  next_row_ = locations[page].first_row_index;
}

void PageCursor::MoveTo(int64_t row) {
  if (page_ && row < end_row_) return;
  wanted_row_ = row;
  page_ = nullptr;
  while (!page_ || row >= end_row_) {
    // The dictionary stands in front, so it is read before pages are left out.
    if (offsets_ && (is_started_ || !starts_with_dictionary_)) SeekTo(row);
    const std::shared_ptr<parquet::Page> next = NextPage();
    const bool is_dictionary = next->type() == parquet::PageType::DICTIONARY_PAGE;
    const bool is_data =
        next->type() == parquet::PageType::DATA_PAGE || next->type() == parquet::PageType::DATA_PAGE_V2;
    if (!is_dictionary && !is_data) continue;
    bytes_ = Decompress(*next);
    if (metrics_) metrics_->bytes_decompressed.Add(static_cast<int64_t>(bytes_.size()));
    if (is_dictionary) {
      on_dictionary_(static_cast<const parquet::DictionaryPage&>(*next), bytes_);
      continue;
    }
    page_ = std::static_pointer_cast<parquet::DataPage>(next);
    RequireFormat(page_->num_values() >= 0, "a page of less than no values");
    first_row_ = next_row_;
    end_row_ = first_row_ + page_->num_values();
    next_row_ = end_row_;
    ++next_page_;
  }
}

}  // namespace quell::storage
