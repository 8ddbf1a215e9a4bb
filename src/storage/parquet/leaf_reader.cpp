#include "storage/parquet/leaf_reader.h"

#include <algorithm>
#include <cstring>

#include <parquet/exception.h>

#include "base/arrow_result.h"
#include "base/error_classes.h"
#include "base/memory_pool.h"
#include "base/one_line.h"
#include "storage/parquet/decode/bit_unpack.h"
#include "storage/parquet/decode/corrupt_page.h"

namespace quell::storage {

namespace {

// Fixed-width values are cheap to look up; a dictionary pays only when what is computed of it is shared by many rows.
constexpr int64_t kMaxFixedDictionary = 1024;

std::span<const uint8_t> Take(std::span<const uint8_t>* bytes, int64_t count) {
  RequireFormat(count >= 0 && count <= static_cast<int64_t>(bytes->size()), "levels that are longer than their page");
  const std::span<const uint8_t> taken = bytes->first(count);
  *bytes = bytes->subspan(count);
  return taken;
}

// Takes the definition levels off the front of a page.
LevelDecoder TakeLevels(const parquet::DataPage& page, int max_level, std::span<const uint8_t>* bytes) {
  if (page.type() == parquet::PageType::DATA_PAGE_V2) {
    const auto& v2 = static_cast<const parquet::DataPageV2&>(page);
    Take(bytes, v2.repetition_levels_byte_length());
    return LevelDecoder(Take(bytes, v2.definition_levels_byte_length()), max_level);
  }
  if (max_level == 0) return LevelDecoder({}, 0);
  const auto& v1 = static_cast<const parquet::DataPageV1&>(page);
  if (v1.definition_level_encoding() == parquet::Encoding::BIT_PACKED) {
    const int64_t bits = int64_t{page.num_values()} * LevelDecoder::BitWidth(max_level);
    return LevelDecoder::FromBitPacked(Take(bytes, (bits + 7) / 8), max_level, page.num_values());
  }
  uint32_t length = 0;
  const std::span<const uint8_t> length_bytes = Take(bytes, sizeof(length));
  std::memcpy(&length, length_bytes.data(), sizeof(length));
  return LevelDecoder(Take(bytes, length), max_level);
}

}  // namespace

bool IsLeafReadable(const parquet::ColumnDescriptor& column) {
  return column.max_repetition_level() == 0 &&
         (column.physical_type() != parquet::Type::FIXED_LEN_BYTE_ARRAY || column.type_length() > 0);
}

LeafReader::LeafReader(LeafType leaf, std::unique_ptr<ChunkStream> stream, const parquet::ColumnChunkMetaData& chunk,
                       const parquet::ColumnDescriptor& column, std::shared_ptr<parquet::OffsetIndex> offsets,
                       std::string place, Metrics* metrics)
    : leaf_(std::move(leaf)),
      physical_type_(column.physical_type()),
      max_definition_level_(column.max_definition_level()),
      place_(std::move(place)),
      pages_(std::move(stream), chunk, column, std::move(offsets), metrics,
             [this](const parquet::DictionaryPage& page, std::span<const uint8_t> bytes) {
               LoadDictionary(page, bytes);
             }) {}

void LeafReader::LoadDictionary(const parquet::DictionaryPage& page, std::span<const uint8_t> bytes) {
  RequireFormat(!dictionary_, "two dictionaries in a column chunk");
  const bool is_plain =
      page.encoding() == parquet::Encoding::PLAIN || page.encoding() == parquet::Encoding::PLAIN_DICTIONARY;
  RequireFormat(is_plain && page.num_values() >= 0, "a dictionary of unknown encoding");
  const int64_t size = page.num_values();
  StoredValues stored;
  stored.length = size;
  if (leaf_.stored_width == 0) {
    RequireFormat(size <= static_cast<int64_t>(bytes.size() / sizeof(uint32_t)), "a dictionary that is cut off");
    scratch_views_.resize(size);
    MakeByteArrayDecoder(parquet::Encoding::PLAIN, bytes, size)->Decode(scratch_views_);
    LeafBuilder builder(leaf_, size);
    builder.validity()->AppendValid(size);
    builder.AppendBytes(scratch_views_, size, nullptr);
    stored = builder.FinishStored();
  } else {
    RequireFormat(size <= static_cast<int64_t>(bytes.size()) * 8 / leaf_.stored_width, "a dictionary that is cut off");
    stored.values = Unwrap(arrow::AllocateBuffer(size * leaf_.stored_width, EnginePool()), error_class::kOutOfMemory,
                           "allocate a dictionary");
    MakeFixedDecoder(parquet::Encoding::PLAIN, physical_type_, leaf_.stored_width, bytes, size)
        ->Decode(size, stored.values->mutable_data());
  }
  dictionary_ = std::make_unique<LeafDictionary>();
  dictionary_->stored = stored;
  if (leaf_.stored_width == 8) dictionary_->MakeNarrow();
  dictionary_->converted = ConvertStored(leaf_, std::move(stored));
}

bool LeafReader::KeepsDictionary() const {
  if (dictionary_->size() == 0) return false;
  return leaf_.stored_width == 0
             ? leaf_.conversion == LeafConversion::kBytes
             : dictionary_->size() <= kMaxFixedDictionary && leaf_.conversion != LeafConversion::kBits;
}

void LeafReader::StartPage() {
  page_ = pages_.page();
  row_ = pages_.first_row();
  std::span<const uint8_t> bytes = pages_.bytes();
  levels_ = TakeLevels(*page_, max_definition_level_, &bytes);
  const parquet::Encoding::type encoding = page_->encoding();
  is_coded_ = encoding == parquet::Encoding::PLAIN_DICTIONARY || encoding == parquet::Encoding::RLE_DICTIONARY;
  if (is_coded_) {
    RequireFormat(dictionary_ != nullptr, "codes without a dictionary");
    // A page of nulls alone may have no bit width.
    codes_ = bytes.empty() ? HybridDecoder({}, 0) : HybridDecoder(bytes.subspan(1), bytes[0]);
    return;
  }
  if (leaf_.stored_width == 0) {
    bytes_ = MakeByteArrayDecoder(encoding, bytes, page_->num_values());
    RequireFormat(bytes_ != nullptr, "an encoding that does not exist for its type");
  } else {
    fixed_ = MakeFixedDecoder(encoding, physical_type_, leaf_.stored_width, bytes, page_->num_values());
    RequireFormat(fixed_ != nullptr, "an encoding that does not exist for its type");
  }
}

void LeafReader::SkipTo(int64_t row) {
  if (!page_ || row >= pages_.end_row()) {
    page_ = nullptr;
    pages_.MoveTo(row);
    StartPage();
  }
  if (row == row_) return;
  const int64_t valid = levels_.Skip(row - row_);
  if (is_coded_) {
    codes_.Skip(valid);
  } else if (bytes_) {
    bytes_->Skip(valid);
  } else {
    fixed_->Skip(valid);
  }
  row_ = row;
}

void LeafReader::RequireCodes(std::span<const uint32_t> codes) const {
  RequireFormat(codes.empty() || MaxCode(codes) < static_cast<uint64_t>(dictionary_->size()),
                "a code beyond the end of its dictionary");
}

void LeafReader::ReadPart(int64_t count, LeafBuilder* builder) {
  const int64_t valid = levels_.Decode(count, builder->validity());
  if (is_coded_ && builder->keeps_codes() && KeepsDictionary()) {
    const std::span<uint32_t> codes = builder->CodesFor(count, valid);
    codes_.Decode(codes);
    RequireCodes(codes);
    builder->AppendCodes(count, valid);
  } else if (is_coded_) {
    scratch_codes_.resize(valid);
    codes_.Decode(scratch_codes_);
    RequireCodes(scratch_codes_);
    builder->AppendDecoded(scratch_codes_, count, *dictionary_);
  } else if (leaf_.stored_width == 0) {
    scratch_views_.resize(valid);
    bytes_->Decode(scratch_views_);
    builder->AppendBytes(scratch_views_, count, dictionary_.get());
  } else {
    fixed_->Decode(valid, builder->FixedFor(count, valid, dictionary_.get()));
    builder->AppendFixed(count, valid);
  }
  row_ += count;
}

void LeafReader::ReadRows(RowRange rows, LeafBuilder* builder) {
  while (rows.begin < rows.end) {
    SkipTo(rows.begin);
    const int64_t count = std::min(rows.end, pages_.end_row()) - rows.begin;
    ReadPart(count, builder);
    rows.begin += count;
  }
}

Column LeafReader::Read(RowRange rows, std::span<const RowRange> wanted) {
  try {
    LeafBuilder builder(leaf_, rows.size());
    int64_t done = rows.begin;
    for (const RowRange& range : wanted) {
      builder.AppendGap(range.begin - done);
      ReadRows(range, &builder);
      done = range.end;
    }
    builder.AppendGap(rows.end - done);
    return builder.Finish(dictionary_.get());
  } catch (const CorruptPage& corrupt) {
    throw Error(error_class::kFailedReadFile, "{}: corrupt page: {}; write the file again", place_, corrupt.what());
  } catch (const parquet::ParquetException& corrupt) {
    throw Error(error_class::kFailedReadFile, "{}: {}; write the file again", place_, OneLine(corrupt.what()));
  } catch (const std::bad_alloc&) {
    throw Error(error_class::kOutOfMemory, "{}: no memory for a page; raise the memory of the machine", place_);
  }
}

}  // namespace quell::storage
