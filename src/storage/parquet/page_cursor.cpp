#include "storage/parquet/page_cursor.h"

#include <algorithm>

#include "storage/parquet/decode/corrupt_page.h"

namespace quell::storage {

PageCursor::PageCursor(std::unique_ptr<ChunkStream> stream, const parquet::ColumnChunkMetaData& chunk,
                       const parquet::ColumnDescriptor& column, std::shared_ptr<parquet::OffsetIndex> offsets,
                       Metrics* metrics, std::function<void(const parquet::DictionaryPage&)> on_dictionary)
    : stream_(std::move(stream)),
      offsets_(std::move(offsets)),
      metrics_(metrics),
      on_dictionary_(std::move(on_dictionary)),
      starts_with_dictionary_(chunk.has_dictionary_page()) {
  parquet::ReaderProperties properties;
  properties.set_page_checksum_verification(true);
  pages_ = parquet::PageReader::Open(stream_, chunk.num_values(), chunk.compression(), properties, column);
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

void PageCursor::SeekTo(int64_t row) {
  const auto& locations = offsets_->page_locations();
  const auto after = std::upper_bound(locations.begin(), locations.end(), row,
                                      [](int64_t r, const auto& page) { return r < page.first_row_index; });
  if (after == locations.begin()) return;
  const size_t page = after - locations.begin() - 1;
  if (page <= next_page_) return;
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
    if (metrics_) metrics_->bytes_decompressed.Add(next->size());
    if (next->type() == parquet::PageType::DICTIONARY_PAGE) {
      on_dictionary_(static_cast<const parquet::DictionaryPage&>(*next));
      continue;
    }
    if (next->type() != parquet::PageType::DATA_PAGE && next->type() != parquet::PageType::DATA_PAGE_V2) continue;
    page_ = std::static_pointer_cast<parquet::DataPage>(next);
    RequireFormat(page_->num_values() >= 0, "a page of less than no values");
    first_row_ = next_row_;
    end_row_ = first_row_ + page_->num_values();
    next_row_ = end_row_;
    ++next_page_;
  }
}

}  // namespace quell::storage
