#include "discover/discover.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "base/error_classes.h"
#include "data/batch_testing.h"
#include "discover/render.h"
#include "storage/local_file_system.h"
#include "storage/parquet/parquet_writer.h"

namespace quell::discover {
namespace {

class DiscoverTest : public testing::Test {
 protected:
  DiscoverTest() {
    std::string name = testing::TempDir() + "quell-XXXXXX";
    root_ = storage::Uri::Parse(mkdtemp(name.data()));
  }
  ~DiscoverTest() override { std::filesystem::remove_all(root_.path); }

  void WriteFile(const std::string& name, const Schema& schema, const std::vector<std::vector<Value>>& rows) {
    storage::ParquetWriter writer(files_.Create(root_.Child(name)), schema, {});
    for (const auto& row : rows) writer.Write(MakeRow(schema, row));
    writer.Close();
  }
  Discovery Run() { return Discover(root_, {.storage = {}, .num_threads = 4}); }

  storage::Uri root_;
  storage::LocalFileSystem files_{storage::StorageContext{.metrics = nullptr, .cancel = nullptr, .fsync = false}};
  const Schema schema_{{{"id", Type(TypeId::kLong)}, {"name", Type(TypeId::kString)}}};
};

TEST_F(DiscoverTest, AddsUpSoundFiles) {
  WriteFile("year=2024/a.parquet", schema_,
            {{Value{int64_t{1}}, Value{std::string("x")}}, {Value{int64_t{5}}, Value{}}});
  WriteFile("year=2025/b.parquet", schema_, {{Value{int64_t{-3}}, Value{std::string("y")}}});
  files_.Put(root_.Child("_SUCCESS"), {});
  const Discovery discovery = Run();
  EXPECT_EQ(discovery.num_files, 2);
  EXPECT_EQ(discovery.num_rows, 3);
  EXPECT_EQ(discovery.schema, schema_);
  ASSERT_EQ(discovery.columns.size(), 2u);
  EXPECT_EQ(discovery.columns[0].min, Value{int64_t{-3}});
  EXPECT_EQ(discovery.columns[0].max, Value{int64_t{5}});
  EXPECT_EQ(discovery.columns[1].null_count, 1);
  EXPECT_EQ(discovery.columns[1].max, Value{std::string("y")});
  ASSERT_EQ(discovery.partitions.size(), 1u);
  EXPECT_EQ(discovery.partitions[0].type, Type(TypeId::kInt));
  EXPECT_EQ(discovery.partitions[0].num_values, 2);
  EXPECT_FALSE(discovery.is_doubtful());
  EXPECT_NE(RenderText(discovery).find("integrity: sound"), std::string::npos);
  EXPECT_NE(RenderJson(discovery).find(R"("integrity":"sound")"), std::string::npos);
}

TEST(RenderTextTest, PassesNoControlOnToTheTerminal) {
  const std::string evil = "x\x1b[2J\n\xC2\x9By";
  ColumnSummary column;
  column.name = evil;
  column.type = Type(TypeId::kString);
  column.types = {evil, "INT"};
  column.encodings = {evil};
  column.min = column.max = Value{evil};
  DeltaSummary delta;
  delta.partition_columns = {evil};
  delta.properties = {{evil, evil}};
  Discovery discovery;
  discovery.uri = evil;
  discovery.codecs = {{evil, 1}};
  discovery.writers = {{evil, 1}};
  discovery.columns = {column};
  discovery.partitions = {{evil, Type(TypeId::kString), 2, {evil, evil}}};
  discovery.drift = {{{evil}, false, 1, {evil}}};
  discovery.problems = {{ProblemKind::kCorrupt, evil, evil}};
  discovery.num_problems = 1;
  discovery.delta = delta;
  const std::string text = RenderText(discovery);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find("\xC2\x9B"), std::string::npos);
  EXPECT_EQ(text.find("\n\xC2"), std::string::npos);
  EXPECT_NE(text.find("x\\x1B[2J\\n\\x9By"), std::string::npos);
}

TEST_F(DiscoverTest, SaysWhatIsWrong) {
  const std::vector<Value> row = {Value{int64_t{1}}, Value{std::string("x")}};
  WriteFile("a.parquet", schema_, {row});
  WriteFile("b.parquet", schema_, {row});
  WriteFile("c.parquet", Schema({{"id", Type(TypeId::kString)}, {"more", Type(TypeId::kInt)}}),
            {{Value{std::string("1")}, Value{int64_t{2}}}});
  files_.Put(root_.Child("empty.parquet"), {});
  const std::string whole = files_.ReadAll(root_.Child("a.parquet"));
  const auto put = [&](const char* name, std::string_view bytes) {
    files_.Put(root_.Child(name), {reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
  };
  put("truncated.parquet", std::string_view(whole).substr(0, whole.size() / 2));
  put("text.parquet", "these are not the bytes of a Parquet file");
  std::string corrupt = whole;
  for (size_t i = corrupt.size() - 40; i < corrupt.size() - 8; ++i) corrupt[i] = '\xff';
  put("corrupt.parquet", corrupt);
  const Discovery discovery = Run();
  EXPECT_EQ(discovery.num_files, 7);
  EXPECT_EQ(discovery.num_rows, 3);
  std::map<ProblemKind, int> kinds;
  for (const Problem& problem : discovery.problems) ++kinds[problem.kind];
  EXPECT_EQ(kinds, (std::map<ProblemKind, int>{{ProblemKind::kEmpty, 1},
                                               {ProblemKind::kTruncated, 1},
                                               {ProblemKind::kNotParquet, 1},
                                               {ProblemKind::kCorrupt, 1}}));
  ASSERT_EQ(discovery.drift.size(), 1u);
  EXPECT_EQ(discovery.drift[0].differences,
            (std::vector<std::string>{"column id: STRING instead of BIGINT", "column name: missing",
                                      "column more INT: added"}));
  EXPECT_TRUE(discovery.is_doubtful());
  EXPECT_NE(RenderJson(discovery).find(R"("integrity":"doubtful")"), std::string::npos);
}

TEST_F(DiscoverTest, NothingIsAnError) { EXPECT_THROW(Discover(root_.Child("none"), {}), Error); }

}  // namespace
}  // namespace quell::discover
