#include "storage/parquet/row_group_scan.h"

#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>

#include <arrow/api.h>
#include <arrow/compute/cast.h>
#include <arrow/io/file.h>
#include <gtest/gtest.h>
#include <parquet/arrow/writer.h>

#include "base/error_classes.h"
#include "storage/local_file_system.h"
#include "storage/parquet/arrow_reader.h"

namespace quell::storage {
namespace {

using parquet::Encoding;

template <typename T>
T Must(arrow::Result<T> result) {
  return std::move(result).ValueOrDie();
}

// How a file is written.
struct Layout {
  const char* name;
  std::optional<Encoding::type> encoding = {};  // else dictionaries
  parquet::ParquetDataPageVersion page_version = parquet::ParquetDataPageVersion::V1;
  parquet::Compression::type codec = parquet::Compression::SNAPPY;
  int64_t page_bytes = 2000;
  int64_t dictionary_bytes = 1 << 20;
  bool page_index = false;
};

class RowGroupScanTest : public testing::Test {
 protected:
  RowGroupScanTest() {
    std::string name = testing::TempDir() + "quell-XXXXXX";
    folder_ = mkdtemp(name.data());
  }
  ~RowGroupScanTest() override { std::filesystem::remove_all(folder_); }

  ParquetFilePtr Write(const std::shared_ptr<arrow::Table>& table, const Layout& layout,
                       int64_t row_group_rows = 3000) {
    const std::string path = folder_ + "/file.parquet";
    parquet::WriterProperties::Builder properties;
    properties.compression(layout.codec)
        ->data_page_version(layout.page_version)
        ->data_pagesize(layout.page_bytes)
        ->write_batch_size(100)
        ->dictionary_pagesize_limit(layout.dictionary_bytes)
        ->enable_page_checksum();
    if (layout.encoding) properties.disable_dictionary()->encoding(*layout.encoding);
    layout.page_index ? properties.enable_write_page_index() : properties.disable_write_page_index();
    auto arrow_properties = parquet::ArrowWriterProperties::Builder().build();
    auto file = Must(arrow::io::FileOutputStream::Open(path));
    EXPECT_TRUE(parquet::arrow::WriteTable(*table, arrow::default_memory_pool(), file, row_group_rows,
                                           properties.build(), arrow_properties)
                    .ok());
    EXPECT_TRUE(file->Close().ok());
    return ParquetFile::Open(files_, Uri::Parse(path));
  }

  std::shared_ptr<ScanSpec> SpecOf(const ParquetFile& file) {
    auto spec = std::make_shared<ScanSpec>();
    for (const Field& field : file.schema().fields()) spec->columns.push_back({{field.name}, field.type});
    spec->batch_rows = 700;
    spec->metrics = &metrics_;
    return spec;
  }

  std::string folder_;
  LocalFileSystem files_{StorageContext{.metrics = nullptr, .cancel = nullptr, .fsync = false}};
  Metrics metrics_;
};

// Values of all kinds, with or without nulls, of few or many distinct values.
class TableMaker {
 public:
  TableMaker(int64_t rows, double null_fraction, int64_t distinct)
      : rows_(rows), null_fraction_(null_fraction), distinct_(distinct) {}

  template <typename Builder, typename F>
  void Add(std::string name, std::shared_ptr<arrow::DataType> type, F value) {
    auto builder = Must(arrow::MakeBuilder(type));
    for (int64_t i = 0; i < rows_; ++i) {
      const bool is_null = std::uniform_real_distribution<>(0, 1)(random_) < null_fraction_;
      const auto number = static_cast<int64_t>(random_() % distinct_);
      const arrow::Status status =
          is_null ? builder->AppendNull() : static_cast<Builder&>(*builder).Append(value(number));
      EXPECT_TRUE(status.ok());
    }
    AddArray(std::move(name), type, Must(builder->Finish()));
  }
  void AddArray(std::string name, std::shared_ptr<arrow::DataType> type, std::shared_ptr<arrow::Array> array) {
    fields_.push_back(arrow::field(std::move(name), std::move(type), null_fraction_ > 0));
    arrays_.push_back(std::move(array));
  }
  void AddIntegers() {
    Add<arrow::Int32Builder>("i32", arrow::int32(), [](int64_t n) { return static_cast<int32_t>(n * 7919 - 5000); });
    Add<arrow::Int64Builder>("i64", arrow::int64(), [](int64_t n) { return n * 1'000'003 - 77; });
  }
  void AddStrings() {
    Add<arrow::StringBuilder>("s", arrow::utf8(),
                              [](int64_t n) { return std::string(n % 13, 'x') + std::to_string(n); });
  }
  void AddFixed() {
    Add<arrow::FloatBuilder>("f", arrow::float32(), [](int64_t n) { return static_cast<float>(n) / 3; });
    Add<arrow::DoubleBuilder>("d", arrow::float64(), [](int64_t n) { return static_cast<double>(n) / 7; });
  }
  void AddOthers() {
    Add<arrow::BooleanBuilder>("b", arrow::boolean(), [](int64_t n) { return n % 3 == 0; });
    Add<arrow::Int8Builder>("i8", arrow::int8(), [](int64_t n) { return static_cast<int8_t>(n); });
    Add<arrow::Int16Builder>("i16", arrow::int16(), [](int64_t n) { return static_cast<int16_t>(n * 31); });
    Add<arrow::UInt8Builder>("u8", arrow::uint8(), [](int64_t n) { return static_cast<uint8_t>(n * 3); });
    Add<arrow::UInt32Builder>("u32", arrow::uint32(),
                              [](int64_t n) { return static_cast<uint32_t>(n * 4'000'000'000); });
    Add<arrow::UInt64Builder>("u64", arrow::uint64(),
                              [](int64_t n) { return uint64_t(n) * 10'000'000'000'000'000'000u; });
    Add<arrow::Date32Builder>("date", arrow::date32(), [](int64_t n) { return static_cast<int32_t>(n - 100); });
    Add<arrow::TimestampBuilder>("millis", arrow::timestamp(arrow::TimeUnit::MILLI, "UTC"),
                                 [](int64_t n) { return n - 9; });
    Add<arrow::TimestampBuilder>("nanos", arrow::timestamp(arrow::TimeUnit::NANO), [](int64_t n) { return n * 1000; });
    Add<arrow::Decimal128Builder>("dec9", arrow::decimal128(9, 2), [](int64_t n) { return arrow::Decimal128(n - 50); });
    Add<arrow::Decimal128Builder>("dec38", arrow::decimal128(38, 3), [](int64_t n) {
      return arrow::Decimal128(n - 50) * arrow::Decimal128("100000000000000000000");
    });
    Add<arrow::BinaryBuilder>("bin", arrow::binary(), [](int64_t n) { return std::string(n % 5, '\0'); });
    Add<arrow::FixedSizeBinaryBuilder>("fixed", arrow::fixed_size_binary(3),
                                       [](int64_t n) { return std::to_string(100 + n % 900); });
  }
  std::shared_ptr<arrow::Table> Finish() { return arrow::Table::Make(arrow::schema(fields_), arrays_); }

 private:
  const int64_t rows_;
  const double null_fraction_;
  const int64_t distinct_;
  std::mt19937_64 random_{42};
  arrow::FieldVector fields_;
  arrow::ArrayVector arrays_;
};

void ExpectEqualRows(const Column& column, const Selection& rows, const arrow::Table& table, int position,
                     int64_t first) {
  const std::shared_ptr<arrow::Array> source = table.column(position)->chunk(0);
  const auto conformed = arrow::MakeArray(ConformArray(source->data(), column.type, "test"));
  const auto actual = column.encoding == quell::Encoding::kConstant ? nullptr : Flatten(column, column.length()).data;
  ASSERT_NE(actual, nullptr);
  const auto flat = arrow::MakeArray(actual);
  ASSERT_TRUE(flat->ValidateFull().ok()) << flat->ValidateFull().ToString();
  for (size_t i = 0; i < rows.size();) {
    const size_t begin = i++;
    while (i < rows.size() && rows[i] == rows[i - 1] + 1) ++i;
    const int64_t row = rows[begin];
    const auto count = static_cast<int64_t>(i - begin);
    ASSERT_TRUE(flat->RangeEquals(row, row + count, first + row, conformed))
        << table.field(position)->ToString() << " row " << first + row << ": " << flat->Slice(row, count)->ToString()
        << " instead of " << conformed->Slice(first + row, count)->ToString();
  }
}

// Scans everything, and again with most rows deleted, and compares with what was written.
void ExpectScans(const ParquetFilePtr& file, const arrow::Table& table, const std::shared_ptr<ScanSpec>& spec) {
  std::vector<int64_t> mostly(table.num_rows());
  for (int64_t i = 0; i < table.num_rows(); ++i) mostly[i] = i;
  std::erase_if(mostly, [](int64_t row) { return row % 211 == 5 || row % 1000 > 990; });
  for (const bool is_sparse : {false, true}) {
    auto deleted = is_sparse ? std::make_shared<const std::vector<int64_t>>(mostly) : nullptr;
    int64_t selected = 0;
    for (int row_group = 0; row_group < file->num_row_groups(); ++row_group) {
      RowGroupScan scan(file, row_group, {0, file->row_group_rows(row_group)}, spec, deleted);
      while (const auto batch = scan.Next()) {
        selected += batch->num_selected();
        Selection rows;
        for (int32_t i = 0; i < batch->num_rows; ++i) rows.push_back(i);
        if (batch->selection) rows = *batch->selection;
        for (size_t i = 0; i < batch->columns.size(); ++i) {
          ExpectEqualRows(batch->columns[i], rows, table, static_cast<int>(i), scan.batch_first_row());
          if (testing::Test::HasFatalFailure()) return;
        }
      }
    }
    EXPECT_EQ(selected, table.num_rows() - (is_sparse ? static_cast<int64_t>(mostly.size()) : 0));
  }
}

TEST_F(RowGroupScanTest, ReadsAllTypesAndPageVersions) {
  for (const double nulls : {0.0, 0.3}) {
    for (const int64_t distinct : {3, 400, 1'000'000}) {
      TableMaker maker(5000, nulls, distinct);
      maker.AddIntegers();
      maker.AddStrings();
      maker.AddFixed();
      maker.AddOthers();
      const auto table = maker.Finish();
      for (const Layout& layout :
           {Layout{.name = "dictionary"}, Layout{.name = "fallback", .dictionary_bytes = 1500},
            Layout{.name = "plain", .encoding = Encoding::PLAIN, .codec = parquet::Compression::UNCOMPRESSED},
            Layout{
                .name = "v2", .page_version = parquet::ParquetDataPageVersion::V2, .codec = parquet::Compression::ZSTD},
            Layout{.name = "index", .page_index = true}}) {
        SCOPED_TRACE(fmt::format("{} nulls {} distinct {}", layout.name, nulls, distinct));
        const auto file = Write(table, layout);
        ExpectScans(file, *table, SpecOf(*file));
        if (HasFailure()) return;
      }
    }
  }
}

TEST_F(RowGroupScanTest, ReadsLargeDictionaries) {
  for (const double nulls : {0.0, 0.3}) {
    TableMaker maker(60'000, nulls, 20'000);
    const auto add = [&](const char* name, auto value) { maker.Add<arrow::Int64Builder>(name, arrow::int64(), value); };
    add("small", [](int64_t n) { return n * 100'000 - 1'000'000'000; });
    add("least", [](int64_t n) { return n == 7 ? int64_t{INT32_MIN} : n; });
    add("less", [](int64_t n) { return n == 7 ? int64_t{INT32_MIN} - 1 : n; });
    add("more", [](int64_t n) { return n == 7 ? int64_t{INT32_MAX} + 1 : n; });
    maker.AddFixed();
    const auto table = maker.Finish();
    const auto file = Write(table, Layout{.name = "dictionary", .page_bytes = 20'000}, 60'000);
    ExpectScans(file, *table, SpecOf(*file));
  }
}

TEST_F(RowGroupScanTest, ReadsAllEncodings) {
  const auto check = [&](void (TableMaker::*add)(), Encoding::type encoding) {
    for (const double nulls : {0.0, 0.3}) {
      TableMaker maker(5000, nulls, 100'000);
      (maker.*add)();
      const auto table = maker.Finish();
      for (const auto version : {parquet::ParquetDataPageVersion::V1, parquet::ParquetDataPageVersion::V2}) {
        SCOPED_TRACE(parquet::EncodingToString(encoding));
        const auto file = Write(table, Layout{.name = "encoding", .encoding = encoding, .page_version = version});
        ExpectScans(file, *table, SpecOf(*file));
      }
    }
  };
  check(&TableMaker::AddIntegers, Encoding::DELTA_BINARY_PACKED);
  check(&TableMaker::AddIntegers, Encoding::BYTE_STREAM_SPLIT);
  check(&TableMaker::AddFixed, Encoding::BYTE_STREAM_SPLIT);
  check(&TableMaker::AddStrings, Encoding::DELTA_LENGTH_BYTE_ARRAY);
  check(&TableMaker::AddStrings, Encoding::DELTA_BYTE_ARRAY);
}

TEST_F(RowGroupScanTest, FallsBackForNestedColumns) {
  auto item = std::make_shared<arrow::Int32Builder>();
  arrow::ListBuilder lists(arrow::default_memory_pool(), item);
  arrow::Int64Builder a;
  arrow::StringBuilder b;
  std::vector<uint8_t> valid;
  for (int i = 0; i < 5000; ++i) {
    ASSERT_TRUE((i % 7 == 0 ? lists.AppendNull() : lists.Append()).ok());
    for (int k = 0; i % 7 != 0 && k < i % 4; ++k) ASSERT_TRUE(item->Append(i * k).ok());
    ASSERT_TRUE((i % 5 == 0 ? a.AppendNull() : a.Append(i)).ok());
    ASSERT_TRUE(b.Append(std::to_string(i % 10)).ok());
    valid.push_back(i % 11 != 0);
  }
  auto bitmap = Must(arrow::AllocateEmptyBitmap(5000));
  for (int i = 0; i < 5000; ++i) bitmap->mutable_data()[i / 8] |= static_cast<uint8_t>(valid[i] << (i % 8));
  auto structs = Must(arrow::StructArray::Make({Must(a.Finish()), Must(b.Finish())}, std::vector<std::string>{"a", "b"},
                                               std::shared_ptr<arrow::Buffer>(std::move(bitmap))));
  TableMaker maker(5000, 0.1, 100);
  maker.AddArray("list", arrow::list(arrow::field("element", arrow::int32())), Must(lists.Finish()));
  maker.AddArray("st", structs->type(), structs);
  const auto table = maker.Finish();
  const auto file = Write(table, Layout{.name = "nested"});
  EXPECT_EQ(file->schema().ToString(), "struct<list:array<int>,st:struct<a:bigint,b:string>>");
  ExpectScans(file, *table, SpecOf(*file));

  // A member of a struct is a column of its own for our kernels; a struct may come with fewer members.
  auto spec = std::make_shared<ScanSpec>();
  spec->columns = {{{"st", "a"}, Type(TypeId::kLong)},
                   {{"ST"}, Type::Struct({{"b", Type(TypeId::kString)}, {"none", Type(TypeId::kInt)}})}};
  RowGroupScan scan(file, 0, {100, 200}, spec);
  const auto batch = scan.Next();
  ASSERT_TRUE(batch);
  for (int64_t i = 0; i < 100; ++i) {
    const bool is_null = (i + 100) % 5 == 0 || (i + 100) % 11 == 0;
    EXPECT_EQ(ValueAt(batch->columns[0], i), is_null ? Value{} : Value{i + 100});
    if ((i + 100) % 11 == 0) continue;
    EXPECT_EQ(ValueAt(batch->columns[1], i), (Value{std::vector<Value>{Value{std::to_string(i % 10)}, Value{}}}));
  }
}

TEST_F(RowGroupScanTest, KeepsOneDictionaryForARowGroup) {
  TableMaker maker(5000, 0.1, 50);
  maker.AddStrings();
  const auto table = maker.Finish();
  const auto file = Write(table, Layout{.name = "dictionary"});
  RowGroupScan scan(file, 0, {0, 3000}, SpecOf(*file));
  const void* dictionary = nullptr;
  int batches = 0;
  for (; const auto batch = scan.Next(); ++batches) {
    ASSERT_EQ(batch->columns[0].encoding, quell::Encoding::kDictionary);
    if (!dictionary) dictionary = batch->columns[0].data->dictionary.get();
    EXPECT_EQ(batch->columns[0].data->dictionary.get(), dictionary);
  }
  EXPECT_EQ(batches, 5);
}

TEST_F(RowGroupScanTest, WidensAndFillsIn) {
  TableMaker maker(1000, 0.1, 50);
  maker.AddIntegers();
  const auto table = maker.Finish();
  const auto file = Write(table, Layout{.name = "plain", .encoding = Encoding::PLAIN});
  auto spec = std::make_shared<ScanSpec>();
  spec->columns = {{{"I32"}, Type(TypeId::kLong)},
                   {{}, Type(TypeId::kString), Value{std::string("2024")}},
                   {{"none"}, Type(TypeId::kDate), {}, true}};
  RowGroupScan scan(file, 0, {0, 1000}, spec);
  const auto batch = scan.Next();
  ASSERT_TRUE(batch);
  ExpectEqualRows(batch->columns[0], {0, 1, 2, 3, 999}, *table, 0, 0);
  EXPECT_EQ(batch->columns[1].encoding, quell::Encoding::kConstant);
  EXPECT_EQ(ValueAt(batch->columns[1], 17), Value{std::string("2024")});
  EXPECT_EQ(ValueAt(batch->columns[2], 17), Value{});

  const auto expect_error = [&](ScanColumn column, const char* part) {
    auto bad = std::make_shared<ScanSpec>();
    bad->columns = {std::move(column)};
    try {
      RowGroupScan(file, 0, {0, 1000}, bad).Next();
      FAIL() << "no error with " << part;
    } catch (const Error& error) {
      EXPECT_NE(error.message().find(part), std::string::npos) << error.what();
      EXPECT_NE(error.message().find(file->path()), std::string::npos) << error.what();
    }
  };
  expect_error({{"none"}, Type(TypeId::kInt)}, "no column 'none'");
  expect_error({{"i64"}, Type(TypeId::kInt)}, "BIGINT");
}

}  // namespace
}  // namespace quell::storage
