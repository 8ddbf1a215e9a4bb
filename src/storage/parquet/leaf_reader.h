// Decodes a column chunk of primitive, not repeated values with our kernels.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "storage/parquet/column_source.h"
#include "storage/parquet/decode/byte_array_decoder.h"
#include "storage/parquet/decode/fixed_decoder.h"
#include "storage/parquet/decode/level_decoder.h"
#include "storage/parquet/leaf_builder.h"
#include "storage/parquet/page_cursor.h"

namespace quell::storage {

// Whether LeafReader can read columns of this shape; ArrowReader reads the others.
bool IsLeafReadable(const parquet::ColumnDescriptor& column);

class LeafReader final : public ColumnSource {
 public:
  // Reads the column as `leaf`, made of LeafType::Of. `place` names file, row group and column, for errors. `offsets`
  // and `metrics` may be null.
  LeafReader(LeafType leaf, std::unique_ptr<ChunkStream> stream, const parquet::ColumnChunkMetaData& chunk,
             const parquet::ColumnDescriptor& column, std::shared_ptr<parquet::OffsetIndex> offsets, std::string place,
             Metrics* metrics);

  const Type& type() const { return leaf_.type; }
  Column Read(RowRange rows, std::span<const RowRange> wanted) override;
  void Prefetch() override { pages_.stream().Prefetch(); }

 private:
  void LoadDictionary(const parquet::DictionaryPage& page, std::span<const uint8_t> bytes);
  void StartPage();
  void SkipTo(int64_t row);
  void ReadRows(RowRange rows, LeafBuilder* builder);
  // Appends the next `count` rows of the page.
  void ReadPart(int64_t count, LeafBuilder* builder);
  void RequireCodes(std::span<const uint32_t> codes) const;
  bool KeepsDictionary() const;

  const LeafType leaf_;
  const parquet::Type::type physical_type_;
  const int max_definition_level_;
  const std::string place_;
  PageCursor pages_;
  const parquet::DataPage* page_ = nullptr;  // the one that the decoders stand in
  int64_t row_ = 0;                          // the next row of it
  LevelDecoder levels_;
  bool is_coded_ = false;
  HybridDecoder codes_;
  std::unique_ptr<FixedDecoder> fixed_;
  std::unique_ptr<ByteArrayDecoder> bytes_;
  std::unique_ptr<LeafDictionary> dictionary_;
  std::vector<uint32_t> scratch_codes_;
  std::vector<std::string_view> scratch_views_;
};

}  // namespace quell::storage
