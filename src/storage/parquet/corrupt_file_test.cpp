// Files with bytes changed or cut off: an Error that names the file, or rows, but never a crash.
#include <cstdlib>
#include <filesystem>
#include <random>

#include <arrow/io/memory.h>
#include <gtest/gtest.h>
#include <parquet/metadata.h>
#include <parquet/schema.h>

#include "base/error_classes.h"
#include "data/batch_testing.h"
#include "storage/local_file_system.h"
#include "storage/parquet/parquet_writer.h"
#include "storage/parquet/row_group_scan.h"

namespace quell::storage {
namespace {

class CorruptFileTest : public testing::Test {
 protected:
  CorruptFileTest() {
    std::string name = testing::TempDir() + "quell-XXXXXX";
    folder_ = mkdtemp(name.data());
    uri_ = Uri::Parse(folder_ + "/part.parquet");
  }
  ~CorruptFileTest() override { std::filesystem::remove_all(folder_); }

  // The bytes of a file with flat, dictionary-encoded and nested columns.
  std::string MakeBytes(const std::string& compression) {
    const Schema schema({{"id", Type(TypeId::kLong)},
                         {"name", Type(TypeId::kString)},
                         {"amount", Type::Decimal(30, 2)},
                         {"flag", Type(TypeId::kBoolean)},
                         {"list", Type::Array(Type(TypeId::kInt))}});
    ParquetWriter writer(files_.Create(uri_), schema, {.compression = compression, .row_group_rows = 200});
    for (int64_t i = 0; i < 500; ++i) {
      const std::vector<Value> row = {
          Value{i * 12345}, i % 5 == 0 ? Value{} : Value{std::string("n") + std::to_string(i % 7)}, Value{Int128{i}},
          Value{i % 3 == 0}, Value{std::vector<Value>{Value{i}, Value{}}}};
      writer.Write(MakeRow(schema, row));
    }
    writer.Close();
    return files_.ReadAll(uri_);
  }

  void Put(std::string_view bytes) { files_.Put(uri_, {reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()}); }

  int64_t ReadAll() {
    const ParquetFilePtr file = ParquetFile::Open(files_, uri_);
    auto spec = std::make_shared<ScanSpec>();
    for (const Field& field : file->schema().fields()) spec->columns.push_back({{field.name}, field.type});
    int64_t rows = 0;
    for (int i = 0; i < file->num_row_groups(); ++i) {
      RowGroupScan scan(file, i, {0, file->row_group_rows(i)}, spec);
      while (const auto batch = scan.Next()) {
        for (const Column& column : batch->columns) {
          for (int64_t row = 0; row < batch->num_rows; row += 97) ValueAt(column, row);
        }
        rows += batch->num_rows;
      }
    }
    return rows;
  }

  // Reads; a failure must be an Error that names the file.
  void ExpectRowsOrError() {
    try {
      ReadAll();
    } catch (const Error& error) {
      EXPECT_NE(error.message().find(uri_.path), std::string::npos) << error.what();
    }
  }

  std::string folder_;
  Uri uri_;
  LocalFileSystem files_{StorageContext{.metrics = nullptr, .cancel = nullptr, .fsync = false}};
};

TEST_F(CorruptFileTest, ChangedBytesGiveRowsOrAnError) {
  std::mt19937_64 random(11);
  for (const char* compression : {"snappy", "zstd", "uncompressed"}) {
    const std::string whole = MakeBytes(compression);
    EXPECT_EQ(ReadAll(), 500);
    for (int i = 0; i < 100; ++i) {
      std::string bytes = whole;
      for (uint64_t change = 1 + random() % 3; change > 0; --change)
        bytes[random() % bytes.size()] = static_cast<char>(random());
      Put(bytes);
      ExpectRowsOrError();
      if (HasFailure()) return;
    }
  }
}

TEST_F(CorruptFileTest, CutFilesAreErrors) {
  const std::string whole = MakeBytes("snappy");
  for (size_t size = 0; size < whole.size(); size += 401) {
    Put(std::string_view(whole).substr(0, size));
    EXPECT_THROW(ReadAll(), Error) << size;
  }
}

// A file without primitive columns, whose footer names row groups of these many rows.
std::string WithRowGroups(const std::vector<int64_t>& row_group_rows, const parquet::schema::NodeVector& fields = {}) {
  parquet::SchemaDescriptor schema;
  schema.Init(parquet::schema::GroupNode::Make("schema", parquet::Repetition::REQUIRED, fields));
  const auto builder = parquet::FileMetaDataBuilder::Make(&schema, parquet::default_writer_properties());
  for (const int64_t rows : row_group_rows) {
    parquet::RowGroupMetaDataBuilder* row_group = builder->AppendRowGroup();
    row_group->set_num_rows(rows);
    row_group->Finish(0);
  }
  const auto footer = arrow::io::BufferOutputStream::Create().ValueOrDie();
  builder->Finish()->WriteTo(footer.get());
  std::string bytes = "PAR1" + footer->Finish().ValueOrDie()->ToString();
  const auto length = static_cast<uint32_t>(bytes.size() - 4);
  bytes.append(reinterpret_cast<const char*>(&length), sizeof(length));
  return bytes + "PAR1";
}

TEST_F(CorruptFileTest, MoreRowsThanANumberHoldsAreAnError) {
  Put(WithRowGroups({3, 4}));
  EXPECT_EQ(ReadAll(), 7);
  Put(WithRowGroups({3, INT64_MAX}));
  EXPECT_THROW(ReadAll(), Error);
}

TEST_F(CorruptFileTest, StructsWithoutMembersAreAnError) {
  const auto empty = parquet::schema::GroupNode::Make("empty", parquet::Repetition::OPTIONAL, {});
  Put(WithRowGroups({3}, {empty}));
  EXPECT_THROW(ReadAll(), Error);
}

TEST_F(CorruptFileTest, ErrorsNameRowGroupAndColumn) {
  std::string bytes = MakeBytes("snappy");
  // The pages of the first column chunk stand at the front: all of them become noise.
  for (size_t i = 4; i < 200; ++i) bytes[i] = '\xff';
  Put(bytes);
  try {
    ReadAll();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.error_class(), error_class::kFailedReadFile);
    EXPECT_NE(error.message().find("row group 0, column 'id'"), std::string::npos) << error.what();
    EXPECT_EQ(error.message().find('\n'), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace quell::storage
