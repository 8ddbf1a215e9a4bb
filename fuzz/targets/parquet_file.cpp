// Parquet files: footer, statistics, indexes and pages. Read whole, then under a filter that prunes by all of them.
#include <arrow/api.h>
#include <arrow/io/memory.h>
#include <parquet/arrow/writer.h>

#include "base/check.h"
#include "data/batch_testing.h"
#include "expression/function_registry.h"
#include "fuzz/fuzzer.h"
#include "fuzz/memory_files.h"
#include "fuzz/read_rows.h"
#include "storage/parquet/parquet_writer.h"
#include "storage/parquet/row_group_scan.h"

namespace quell::fuzz {
namespace {

using namespace storage;

const Uri kUri{.scheme = "file", .bucket = "", .path = "/part.parquet"};
// A damaged footer may announce any number of rows that a page of a few bytes then holds.
constexpr int64_t kMaxRows = 100'000;
constexpr int64_t kSeedRows = 60;

std::shared_ptr<ScanSpec> SpecOf(const ParquetFile& file) {
  auto spec = std::make_shared<ScanSpec>();
  for (const Field& field : file.schema().fields()) spec->columns.push_back({{field.name}, field.type});
  spec->batch_rows = 50;
  return spec;
}

// Fails in the middle of a damaged file, which is no mistake.
void Scan(const ParquetFilePtr& file, const std::shared_ptr<const ScanSpec>& spec) {
  for (int i = 0; i < file->num_row_groups(); ++i) {
    Accepts([&] { ReadRows(RowGroupScan(file, i, {0, std::min(kMaxRows, file->row_group_rows(i))}, spec)); });
  }
}

// `column = 20`, for the first column of whole numbers.
void ScanFiltered(const ParquetFilePtr& file) {
  auto spec = SpecOf(*file);
  for (size_t i = 0; i < spec->columns.size(); ++i) {
    if (spec->columns[i].type != Type(TypeId::kLong)) continue;
    const ExprPtr column = std::make_shared<InputRef>(static_cast<int>(i), Type(TypeId::kLong), true);
    const ExprPtr number = std::make_shared<Literal>(Type(TypeId::kLong), Value{int64_t{20}});
    static const ExpressionSettings kSettings;
    spec->filter = {FunctionRegistry::BuiltIn().Bind(FunctionCall{"=", {column, number}, {}, kSettings})};
    return Scan(file, spec);
  }
}

std::string MakeOwn(const std::string& compression) {
  const Schema schema({{"id", Type(TypeId::kLong)},
                       {"name", Type(TypeId::kString)},
                       {"amount", Type::Decimal(30, 2)},
                       {"at", Type(TypeId::kTimestamp)},
                       {"flag", Type(TypeId::kBoolean)},
                       {"list", Type::Array(Type(TypeId::kInt))}});
  MemoryFiles files;
  ParquetWriter writer(files.Create(kUri), schema, {.compression = compression, .row_group_rows = kSeedRows / 2});
  for (int64_t i = 0; i < kSeedRows; ++i) {
    const std::vector<Value> row = {Value{i},          i % 5 == 0 ? Value{} : Value{"n" + std::to_string(i % 7)},
                                    Value{Int128{i}},  Value{i * 1'000'000},
                                    Value{i % 3 == 0}, Value{std::vector<Value>{Value{i}, Value{}}}};
    writer.Write(MakeRow(schema, row));
  }
  writer.Close();
  return files.ReadAll(kUri);
}

// What other writers use and ours does not: encodings, pages of version 2, bloom filters, page indexes.
std::string MakeForeign(std::optional<parquet::Encoding::type> encoding, parquet::ParquetDataPageVersion version) {
  arrow::Int64Builder longs;
  arrow::Int32Builder ints;
  arrow::StringBuilder strings;
  for (int32_t i = 0; i < kSeedRows; ++i) {
    const arrow::Status status = longs.Append(i) & (i % 9 == 0 ? ints.AppendNull() : ints.Append(i * i)) &
                                 strings.Append("word" + std::to_string(i % 11));
    QUELL_CHECK(status.ok());
  }
  const bool is_text =
      encoding == parquet::Encoding::DELTA_BYTE_ARRAY || encoding == parquet::Encoding::DELTA_LENGTH_BYTE_ARRAY;
  const auto text = strings.Finish().ValueOrDie();
  const auto numbers = longs.Finish().ValueOrDie();
  const auto nullable = ints.Finish().ValueOrDie();
  const auto table =
      is_text ? arrow::Table::Make(arrow::schema({arrow::field("s", text->type())}), {text})
              : arrow::Table::Make(
                    arrow::schema({arrow::field("l", numbers->type(), false), arrow::field("i", nullable->type())}),
                    {numbers, nullable});
  parquet::WriterProperties::Builder properties;
  properties.data_page_version(version)->data_pagesize(100)->write_batch_size(10)->enable_write_page_index();
  if (encoding) {
    properties.disable_dictionary()->encoding(*encoding);
  } else {
    properties.compression(parquet::Compression::SNAPPY)
        ->enable_bloom_filter("l", parquet::BloomFilterOptions{.ndv = kSeedRows, .fpp = 0.1});
  }
  const auto out = arrow::io::BufferOutputStream::Create().ValueOrDie();
  QUELL_CHECK(
      parquet::arrow::WriteTable(*table, arrow::default_memory_pool(), out, kSeedRows / 2, properties.build()).ok());
  return out->Finish().ValueOrDie()->ToString();
}

}  // namespace

std::vector<std::string> Seeds() {
  std::vector<std::string> seeds = {MakeOwn("uncompressed"), MakeOwn("snappy"), MakeOwn("zstd")};
  for (const auto version : {parquet::ParquetDataPageVersion::V1, parquet::ParquetDataPageVersion::V2}) {
    seeds.push_back(MakeForeign(std::nullopt, version));
    for (const auto encoding :
         {parquet::Encoding::PLAIN, parquet::Encoding::DELTA_BINARY_PACKED, parquet::Encoding::BYTE_STREAM_SPLIT,
          parquet::Encoding::DELTA_BYTE_ARRAY, parquet::Encoding::DELTA_LENGTH_BYTE_ARRAY}) {
      seeds.push_back(MakeForeign(encoding, version));
    }
  }
  return seeds;
}

}  // namespace quell::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace quell;
  fuzz::MemoryFiles files;
  files.Put(fuzz::kUri, fuzz::Input(data, size).bytes());
  fuzz::Accepts([&] {
    const storage::ParquetFilePtr file = storage::ParquetFile::Open(files, fuzz::kUri);
    for (int leaf = 0; leaf < file->metadata()->num_columns(); ++leaf) {
      for (int i = 0; i < file->num_row_groups(); ++i) file->Range(i, leaf);
    }
    fuzz::Scan(file, fuzz::SpecOf(*file));
    fuzz::ScanFiltered(file);
  });
  return 0;
}
