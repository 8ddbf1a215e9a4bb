// Filters with and without statistics select the same rows.
#include "storage/parquet/row_group_pruning.h"

#include <cstdlib>
#include <filesystem>
#include <random>

#include <arrow/api.h>
#include <arrow/io/file.h>
#include <gtest/gtest.h>
#include <parquet/arrow/writer.h>

#include "expression/function_registry.h"
#include "storage/local_file_system.h"
#include "storage/parquet/row_group_scan.h"

namespace quell::storage {
namespace {

constexpr int64_t kRows = 20'000;
constexpr int64_t kRowGroupRows = 8'000;

class RowGroupPruningTest : public testing::Test {
 protected:
  RowGroupPruningTest() {
    std::string name = testing::TempDir() + "quell-XXXXXX";
    folder_ = mkdtemp(name.data());
    WriteFile();
    file_ = ParquetFile::Open(files_, Uri::Parse(folder_ + "/file.parquet"));
  }
  ~RowGroupPruningTest() override { std::filesystem::remove_all(folder_); }

  // "at" ascends with NULLs among it, "code" repeats few words, "noise" is even numbers without order.
  void WriteFile() {
    arrow::Int64Builder at, noise;
    arrow::StringBuilder code;
    std::mt19937_64 random(3);
    for (int64_t i = 0; i < kRows; ++i) {
      const bool all_done = (i % 50 == 0 ? at.AppendNull() : at.Append(i * 10)).ok() &&
                            code.Append("word" + std::to_string(i / 1000)).ok() &&
                            noise.Append(static_cast<int64_t>(random() % 1'000'000) * 2).ok();
      ASSERT_TRUE(all_done);
    }
    const auto table =
        arrow::Table::Make(arrow::schema({arrow::field("at", arrow::int64()), arrow::field("code", arrow::utf8()),
                                          arrow::field("noise", arrow::int64())}),
                           {at.Finish().ValueOrDie(), code.Finish().ValueOrDie(), noise.Finish().ValueOrDie()});
    parquet::WriterProperties::Builder properties;
    properties.enable_write_page_index()->data_pagesize(1500)->write_batch_size(100)->compression(
        parquet::Compression::SNAPPY);
    properties.enable_bloom_filter("noise", parquet::BloomFilterOptions{.ndv = kRowGroupRows, .fpp = 0.01});
    auto file = arrow::io::FileOutputStream::Open(folder_ + "/file.parquet").ValueOrDie();
    ASSERT_TRUE(
        parquet::arrow::WriteTable(*table, arrow::default_memory_pool(), file, kRowGroupRows, properties.build()).ok());
    ASSERT_TRUE(file->Close().ok());
  }

  ExprPtr Column(int position) const {
    return std::make_shared<InputRef>(position, position == 1 ? Type(TypeId::kString) : Type(TypeId::kLong), true);
  }
  static ExprPtr Number(int64_t value) { return std::make_shared<Literal>(Type(TypeId::kLong), Value{value}); }
  static ExprPtr Call(std::string_view name, ExprList arguments) {
    static const ExpressionSettings kSettings;
    return FunctionRegistry::BuiltIn().Bind(FunctionCall{name, std::move(arguments), {}, kSettings});
  }

  // The positions of the rows that the filter keeps.
  std::vector<int64_t> Scan(const ExprList& filter, bool use_statistics) {
    auto spec = std::make_shared<ScanSpec>();
    for (const Field& field : file_->schema().fields()) spec->columns.push_back({{field.name}, field.type});
    spec->filter = filter;
    spec->use_statistics = use_statistics;
    spec->metrics = use_statistics ? &metrics_ : nullptr;
    std::vector<int64_t> rows;
    for (int i = 0; i < file_->num_row_groups(); ++i) {
      RowGroupScan scan(file_, i, {0, file_->row_group_rows(i)}, spec);
      while (const auto batch = scan.Next()) {
        for (int32_t row = 0, next = 0; row < batch->num_rows; ++row) {
          if (batch->selection) {
            if (next == static_cast<int32_t>(batch->selection->size()) || (*batch->selection)[next] != row) continue;
            ++next;
          }
          rows.push_back(scan.batch_first_row() + row);
          const Value at = ValueAt(batch->columns[0], row);
          const int64_t position = rows.back();
          EXPECT_EQ(at, position % 50 == 0 ? Value{} : Value{position * 10});
          EXPECT_EQ(ValueAt(batch->columns[1], row), Value{"word" + std::to_string(position / 1000)});
        }
      }
    }
    return rows;
  }

  std::string folder_;
  LocalFileSystem files_{StorageContext{}};
  ParquetFilePtr file_;
  Metrics metrics_;
};

TEST_F(RowGroupPruningTest, SelectsTheSameRowsWithAndWithoutStatistics) {
  std::mt19937_64 random(5);
  for (int i = 0; i < 15; ++i) {
    static constexpr std::string_view kOperators[] = {"=", "<", "<=", ">", ">=", "!="};
    const auto pick = [&] { return kOperators[random() % std::size(kOperators)]; };
    const ExprPtr at = Call(pick(), {Column(0), Number(static_cast<int64_t>(random() % (kRows * 11)))});
    const ExprPtr mirrored = Call(pick(), {Number(static_cast<int64_t>(random() % (kRows * 10)) / 10 * 10), Column(0)});
    const ExprPtr word = Call(
        "=",
        {Column(1), std::make_shared<Literal>(Type(TypeId::kString), Value{"word" + std::to_string(random() % 25)})});
    const ExprPtr either = std::make_shared<Conjunction>(
        Conjunction::Op::kOr, ExprList{word, Call("<", {Column(0), Number(random() % 9999)})});
    const std::vector<ExprList> filters = {
        {at}, {at, mirrored}, {word, at}, {either}, {Call("isnull", {Column(0)}), word}};
    for (const ExprList& filter : filters) {
      ASSERT_EQ(Scan(filter, true), Scan(filter, false)) << ToString(*JoinConjuncts(filter));
    }
  }
  EXPECT_GT(metrics_.pages_pruned.value(), 0);
  EXPECT_GT(metrics_.row_groups_pruned.value(), 0);
}

TEST_F(RowGroupPruningTest, PageIndexLeavesOutMostRows) {
  EXPECT_EQ(Scan({Call("=", {Column(0), Number(98'770)})}, true), (std::vector<int64_t>{9877}));
  EXPECT_EQ(metrics_.row_groups_pruned.value(), 2);
  EXPECT_LT(metrics_.rows_read.value(), 1000);
}

TEST_F(RowGroupPruningTest, BloomFilterLeavesOutRowGroups) {
  // Odd numbers lie within the bounds, but are not there.
  for (int64_t odd = 100'001; odd < 100'041; odd += 2)
    EXPECT_TRUE(Scan({Call("=", {Column(2), Number(odd)})}, true).empty());
  EXPECT_GT(metrics_.row_groups_pruned.value(), 40);
}

}  // namespace
}  // namespace quell::storage
