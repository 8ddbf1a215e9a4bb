#include "storage/parquet/parquet_writer.h"

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include <arrow/array/builder_primitive.h>
#include <gtest/gtest.h>
#include <parquet/schema.h>

#include "base/error_classes.h"
#include "data/batch_testing.h"
#include "storage/local_file_system.h"
#include "storage/parquet/row_group_scan.h"

namespace quell::storage {
namespace {

Schema WideSchema() {
  return Schema({{"id", Type(TypeId::kLong), false},
                 {"name", Type(TypeId::kString)},
                 {"amount", Type::Decimal(12, 2)},
                 {"small", Type::Decimal(5, 1)},
                 {"big", Type::Decimal(30, 4)},
                 {"at", Type(TypeId::kTimestamp)},
                 {"wall", Type(TypeId::kTimestampNtz)},
                 {"day", Type(TypeId::kDate)},
                 {"ratio", Type(TypeId::kDouble)},
                 {"flag", Type(TypeId::kBoolean)},
                 {"tiny", Type(TypeId::kByte)},
                 {"address", Type::Struct({{"city", Type(TypeId::kString)}})},
                 {"tags", Type::Array(Type(TypeId::kString))}});
}

std::vector<Value> WideRow(int64_t i) {
  return {Value{i},
          i % 3 == 0 ? Value{} : Value{std::to_string(i)},
          Value{Int128{i * 100 - 50}},
          Value{Int128{-i}},
          Value{Int128{i} * 1'000'000'000'000 * 1'000'000},
          Value{i * 1'000'000},
          Value{i},
          Value{i - 5},
          Value{0.5 * double(i)},
          Value{i % 2 == 0},
          Value{i},
          Value{std::vector<Value>{Value{std::string("c") + std::to_string(i)}}},
          Value{std::vector<Value>{Value{std::string("t")}, Value{}}}};
}

// A disk that is full from the first byte behind the magic on.
class FullDisk final : public OutputFile {
 public:
  void Write(std::span<const uint8_t> data) override {
    if (data.size() > 4) throw Error(error_class::kDiskFull, "cannot write: no space left");
    bytes_written_ += static_cast<int64_t>(data.size());
  }
  int64_t bytes_written() const override { return bytes_written_; }
  void Close() override {}

 private:
  int64_t bytes_written_ = 0;
};

class ParquetWriterTest : public testing::Test {
 protected:
  ParquetWriterTest() {
    std::string name = testing::TempDir() + "quell-XXXXXX";
    folder_ = mkdtemp(name.data());
    uri_ = Uri::Parse(folder_ + "/part.parquet");
  }
  ~ParquetWriterTest() override { std::filesystem::remove_all(folder_); }

  std::string folder_;
  Uri uri_;
  LocalFileSystem files_{StorageContext{.metrics = nullptr, .cancel = nullptr, .fsync = false}};
};

TEST_F(ParquetWriterTest, WritesWhatTheScanReadsWithStatistics) {
  const Schema schema = WideSchema();
  ParquetWriter writer(files_.Create(uri_), schema, {.row_group_rows = 4});
  for (int64_t i = 0; i < 10; ++i) writer.Write(MakeRow(schema, WideRow(i)));
  EXPECT_FALSE(files_.Stat(uri_));
  const WrittenParquet written = writer.Close();
  EXPECT_EQ(written.num_rows, 10);
  EXPECT_EQ(written.size_bytes, files_.Stat(uri_)->size_bytes);

  const auto range = [&](const std::string& name) { return written.ranges.at(name); };
  EXPECT_EQ(range("id").min, Value{int64_t{0}});
  EXPECT_EQ(range("id").max, Value{int64_t{9}});
  EXPECT_EQ(range("name").null_count, 4);
  EXPECT_EQ(range("name").min, Value{std::string("1")});
  EXPECT_EQ(range("name").max, Value{std::string("8")});
  EXPECT_EQ(range("amount").min, Value{Int128{-50}});
  EXPECT_EQ(range("amount").max, Value{Int128{850}});
  EXPECT_EQ(range("small").min, Value{Int128{-9}});
  EXPECT_EQ(range("big").max, Value{Int128{9} * 1'000'000'000'000 * 1'000'000});
  EXPECT_EQ(range("at").max, Value{int64_t{9'000'000}});
  EXPECT_EQ(range("day").min, Value{int64_t{-5}});
  EXPECT_EQ(range("ratio").max, Value{4.5});
  EXPECT_EQ(range("address.city").max, Value{std::string("c9")});
  EXPECT_EQ(written.ranges.count("tags"), 0u);

  const ParquetFilePtr file = ParquetFile::Open(files_, uri_);
  EXPECT_EQ(file->num_row_groups(), 3);
  EXPECT_EQ(file->schema(), schema);
  const auto& descriptor = *file->metadata()->schema();
  EXPECT_EQ(descriptor.Column(2)->physical_type(), parquet::Type::INT64);
  EXPECT_EQ(descriptor.Column(3)->physical_type(), parquet::Type::INT32);
  EXPECT_EQ(file->metadata()->key_value_metadata(), nullptr);
  auto spec = std::make_shared<ScanSpec>();
  for (const Field& field : schema.fields()) spec->columns.push_back({{field.name}, field.type});
  int64_t i = 0;
  for (int row_group = 0; row_group < 3; ++row_group) {
    RowGroupScan scan(file, row_group, {0, 4}, spec);
    while (const auto batch = scan.Next()) {
      for (int64_t position = 0; position < batch->num_rows; ++position, ++i) {
        for (size_t c = 0; c < batch->columns.size(); ++c)
          EXPECT_EQ(ValueAt(batch->columns[c], position), WideRow(i)[c]) << c;
      }
    }
  }
  EXPECT_EQ(i, 10);
}

TEST_F(ParquetWriterTest, RefusesNullsAndLeavesNothing) {
  const Schema schema({{"id", Type(TypeId::kLong), false}});
  {
    ParquetWriter writer(files_.Create(uri_), schema, {});
    writer.Write(MakeRow(schema, {Value{int64_t{1}}}));
    EXPECT_THROW(writer.Write(MakeRow(schema, {Value{}})), Error);
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
  EXPECT_THROW(ParquetWriter(files_.Create(uri_), schema, {.compression = "zip"}), Error);
}

TEST_F(ParquetWriterTest, AFullDiskIsAnErrorOnce) {
  const Schema schema({{"id", Type(TypeId::kLong)}});
  {
    ParquetWriter writer(std::make_unique<FullDisk>(), schema, {});
    writer.Write(MakeRow(schema, {Value{int64_t{1}}}));
    EXPECT_THROW(writer.Close(), Error);
  }
  // Abandoned for another reason: what Arrow still holds does not reach the file.
  ParquetWriter writer(std::make_unique<FullDisk>(), schema, {});
  writer.Write(MakeRow(schema, {Value{int64_t{1}}}));
}

TEST_F(ParquetWriterTest, NanHasNoBounds) {
  const Schema schema({{"ratio", Type(TypeId::kDouble)}});
  ParquetWriter writer(files_.Create(uri_), schema, {});
  writer.Write(MakeRow(schema, {Value{1.0}}));
  writer.Write(MakeRow(schema, {Value{std::nan("")}}));
  const WrittenParquet written = writer.Close();
  EXPECT_FALSE(written.ranges.at("ratio").max);
  EXPECT_EQ(written.ranges.at("ratio").null_count, 0);
}

TEST_F(ParquetWriterTest, WritesAnEmptyFile) {
  const Schema schema({{"id", Type(TypeId::kLong)}});
  EXPECT_EQ(ParquetWriter(files_.Create(uri_), schema, {}).Close().num_rows, 0);
  EXPECT_EQ(ParquetFile::Open(files_, uri_)->num_rows(), 0);
}

}  // namespace
}  // namespace quell::storage
