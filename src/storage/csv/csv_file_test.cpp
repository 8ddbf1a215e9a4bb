#include "storage/csv/csv_file.h"

#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "base/error_classes.h"
#include "storage/json/json_file.h"
#include "storage/local_file_system.h"

namespace quell::storage {
namespace {

class TextFileTest : public testing::Test {
 protected:
  TextFileTest() {
    std::string name = testing::TempDir() + "quell-XXXXXX";
    folder_ = mkdtemp(name.data());
  }
  ~TextFileTest() override { std::filesystem::remove_all(folder_); }

  Uri Put(const std::string& name, std::string_view text) {
    const Uri uri = Uri::Parse(folder_ + "/" + name);
    files_.Put(uri, {reinterpret_cast<const uint8_t*>(text.data()), text.size()});
    return uri;
  }
  // All rows as text, fields between bars.
  static std::vector<std::string> Rows(BatchReader& reader) {
    std::vector<std::string> rows;
    while (const auto batch = reader.Next()) {
      for (int64_t row = 0; row < batch->num_rows; ++row) {
        std::string text;
        for (const Column& column : batch->columns) {
          text += (text.empty() ? "" : "|") + FormatValue(ValueAt(column, row), column.type);
        }
        rows.push_back(text);
      }
    }
    return rows;
  }

  std::string folder_;
  LocalFileSystem files_{StorageContext{.metrics = nullptr, .cancel = nullptr, .fsync = false}};
};

using CsvTest = TextFileTest;
using JsonTest = TextFileTest;

TEST_F(CsvTest, InfersTypes) {
  const Uri uri = Put("a.csv",
                      "i,l,d,day,at,flag,s,none\n"
                      "1,3000000000,1.5,2024-02-29,2024-02-29 01:02:03,true,\"a,b\",\n"
                      "-2,1,2,2024-03-01,2024-03-01T00:00:00Z,FALSE,\"say \"\"hi\"\"\",\n");
  const TextOptions options = {{"Header", "true"}};
  const Schema schema = InferCsvSchema(files_, {uri}, options);
  EXPECT_EQ(schema.ToString(),
            "struct<i:int,l:bigint,d:double,day:date,at:timestamp,flag:boolean,s:string,none:string>");
  EXPECT_EQ(Rows(*OpenCsv(files_, uri, schema, {0, 1, 2, 3, 5, 6, 7}, options)),
            (std::vector<std::string>{"1|3000000000|1.5|2024-02-29|true|a,b|NULL",
                                      "-2|1|2.0|2024-03-01|false|say \"hi\"|NULL"}));
}

TEST_F(CsvTest, FollowsOptions) {
  const Uri uri = Put("a.csv", "x;1\ny;n/a\n");
  const Schema schema = InferCsvSchema(files_, {uri}, {{"sep", ";"}, {"nullValue", "n/a"}});
  EXPECT_EQ(schema.ToString(), "struct<_c0:string,_c1:int>");
  EXPECT_EQ(Rows(*OpenCsv(files_, uri, schema, {1, 0}, {{"sep", ";"}, {"nullValue", "n/a"}})),
            (std::vector<std::string>{"1|x", "NULL|y"}));
  EXPECT_EQ(InferCsvSchema(files_, {uri}, {{"sep", ";"}, {"inferSchema", "false"}}).ToString(),
            "struct<_c0:string,_c1:string>");
  EXPECT_THROW(InferCsvSchema(files_, {uri}, {{"header", "yes"}}), Error);
  EXPECT_EQ(InferCsvSchema(files_, {Put("empty.csv", "")}, {}).num_fields(), 0);
}

TEST_F(CsvTest, RaggedRows) {
  const Uri uri = Put("a.csv", "1,2\n3\n4,5\n\n6,7,x,\n8\n");
  EXPECT_THROW(InferCsvSchema(files_, {uri}, {{"mode", "FAILFAST"}}), Error);
  EXPECT_EQ(InferCsvSchema(files_, {uri}, {}).ToString(), "struct<_c0:int,_c1:int>");
  EXPECT_EQ(Rows(*OpenCsv(files_, uri, InferCsvSchema(files_, {uri}, {}), {0, 1}, {})),
            (std::vector<std::string>{"1|2", "3|NULL", "4|5", "6|7", "8|NULL"}));
  const TextOptions drop = {{"mode", "DROPMALFORMED"}};
  const Schema schema = InferCsvSchema(files_, {uri}, drop);
  EXPECT_EQ(Rows(*OpenCsv(files_, uri, schema, {0, 1}, drop)), (std::vector<std::string>{"1|2", "4|5"}));
}

TEST_F(CsvTest, KeepsRaggedRowsInTheirOrderAcrossBlocks) {
  const auto value_of = [](int64_t row) { return std::to_string(row * 7919); };
  std::string text = "a,b\r\n";
  std::vector<std::string> expected;
  for (int64_t row = 0; row < 300'000; ++row) {
    // Long runs of rows that are alike, and runs of one.
    const int64_t kind = row < 100'000 ? 1 : row < 200'000 ? row % 3 : 2;
    text += value_of(row);
    if (kind > 0) text += ",\"b\n" + std::to_string(row) + "\"";
    if (kind > 1) text += ",too,much";
    text += "\r\n";
    expected.push_back(value_of(row) + "|" + (kind > 0 ? "b\n" + std::to_string(row) : "NULL"));
  }
  text.resize(text.size() - 2);
  const Uri uri = Put("a.csv", text);
  const TextOptions header = {{"header", "true"}};
  const Schema schema = InferCsvSchema(files_, {uri}, header);
  EXPECT_EQ(schema.ToString(), "struct<a:bigint,b:string>");
  EXPECT_EQ(Rows(*OpenCsv(files_, uri, schema, {0, 1}, header)), expected);
}

TEST_F(CsvTest, NamesTheRowThatDoesNotFit) {
  const Uri uri = Put("a.csv", "a,b\n1,2\n\n3\n");
  const TextOptions options = {{"header", "true"}, {"mode", "FAILFAST"}};
  const auto reader = OpenCsv(files_, uri, InferCsvSchema(files_, {Put("b.csv", "a,b\n")}, options), {0}, options);
  try {
    Rows(*reader);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("Row #3: Expected 2 columns, got 1: 3"), std::string::npos) << error.what();
  }
}

TEST_F(CsvTest, BeginsAndEndsAsOthersWriteIt) {
  const Schema schema(std::vector<Field>{{"a", Type(TypeId::kString), true}, {"b", Type(TypeId::kString), true}});
  const TextOptions header = {{"header", "true"}};
  const Uri marked = Put("marked.csv",
                         "\xEF\xBB\xBF"
                         "a,b\r\n1,2\r\n3,4");
  EXPECT_EQ(InferCsvSchema(files_, {marked}, header).ToString(), "struct<a:int,b:int>");
  EXPECT_EQ(Rows(*OpenCsv(files_, marked, schema, {0, 1}, header)), (std::vector<std::string>{"1|2", "3|4"}));
  const Uri names = Put("names.csv", "a,b");
  EXPECT_EQ(InferCsvSchema(files_, {names}, header).ToString(), "struct<a:string,b:string>");
  EXPECT_TRUE(Rows(*OpenCsv(files_, names, schema, {0}, header)).empty());
  const Uri blank = Put("blank.csv", "\n\n");
  EXPECT_EQ(InferCsvSchema(files_, {blank}, {}).num_fields(), 0);
  EXPECT_TRUE(Rows(*OpenCsv(files_, blank, schema, {0}, header)).empty());
}

// The file is read a MiB at a time: no row may notice where that ends.
TEST_F(CsvTest, ReadsRowsAcrossBlocks) {
  constexpr size_t kBlockBytes = size_t{1} << 20;
  const Schema schema(std::vector<Field>{{"a", Type(TypeId::kString), true}, {"b", Type(TypeId::kInt), true}});
  for (const int64_t shift : {-3, -2, -1, 0, 1, 2}) {
    // Its line break stands where the first block ends.
    std::string text(kBlockBytes + static_cast<size_t>(shift) - 2, 'x');
    text +=
        ",1\r\n"
        "short,2\r\n" +
        std::string(3 * kBlockBytes, 'y') + ",3\r\n\"a\nb\",4\r\n";
    const Uri uri = Put("a.csv", text);
    const auto rows = Rows(*OpenCsv(files_, uri, schema, {0, 1}, {}));
    ASSERT_EQ(rows.size(), 4u);
    EXPECT_EQ(rows[0].size(), kBlockBytes + static_cast<size_t>(shift));
    EXPECT_EQ(rows[1], "short|2");
    EXPECT_EQ(rows[2].size(), 3 * kBlockBytes + 2);
    EXPECT_EQ(rows[3], "a\nb|4");
  }
}

TEST_F(CsvTest, KeepsLineBreaksInQuotesWhateverSparkDoes) {
  const Uri uri = Put("a.csv", "\"x\ny\",1\n");
  const Schema schema = InferCsvSchema(files_, {uri}, {{"multiLine", "true"}});
  EXPECT_EQ(Rows(*OpenCsv(files_, uri, schema, {0, 1}, {})), (std::vector<std::string>{"x\ny|1"}));
  EXPECT_THROW(InferCsvSchema(files_, {uri}, {{"multiLine", "false"}}), Error);
}

// The most that a reader holds on its way through a file, and what it holds at the end.
std::pair<int64_t, int64_t> MemoryOf(BatchReader& reader) {
  int64_t most = 0;
  while (reader.Next()) most = std::max(most, reader.memory_bytes());
  return {most, reader.memory_bytes()};
}

TEST_F(CsvTest, GivesBackTheMemoryOfALongRow) {
  constexpr size_t kLongBytes = size_t{24} << 20;
  std::string text = std::string(kLongBytes, 'x') + "\n";
  for (int i = 0; i < 3'000'000; ++i) text += "a\n";
  const Uri uri = Put("a.csv", text);
  const Schema schema(std::vector<Field>{{"a", Type(TypeId::kString), true}});
  const auto [most, last] = MemoryOf(*OpenCsv(files_, uri, schema, {0}, {}));
  EXPECT_GE(most, static_cast<int64_t>(kLongBytes));
  EXPECT_LT(last, static_cast<int64_t>(kLongBytes));
}

TEST_F(JsonTest, GivesBackTheMemoryOfALongLine) {
  constexpr size_t kLongBytes = size_t{24} << 20;
  std::string text = "{\"a\": \"" + std::string(kLongBytes, 'x') + "\"}\n";
  for (int i = 0; i < 1'000'000; ++i) text += "{\"a\": \"y\"}\n";
  const Uri uri = Put("a.json", text);
  const Schema schema(std::vector<Field>{{"a", Type(TypeId::kString), true}});
  const auto [most, last] = MemoryOf(*OpenJson(files_, uri, schema, {0}, {}));
  EXPECT_GE(most, static_cast<int64_t>(kLongBytes));
  EXPECT_LT(last, static_cast<int64_t>(kLongBytes));
}

TEST_F(JsonTest, RefusesALineWithoutEnd) {
  const Uri uri = Put("a.json", std::string((size_t{128} << 20) + 1, ' '));
  EXPECT_THROW(InferJsonSchema(files_, {uri}, {}), Error);
}

TEST_F(JsonTest, InfersNestedTypes) {
  const Uri uri = Put("a.json",
                      "{\"b\": 1, \"a\": {\"y\": [1, 2.5], \"x\": \"t\"}, \"m\": 1}\n"
                      "\n"
                      "{\"b\": null, \"a\": {\"z\": true}, \"m\": {\"k\": \"v\"}, \"c\": null}\n"
                      "not json\n"
                      "{\"b\": 4}");
  const Schema schema = InferJsonSchema(files_, {uri}, {});
  EXPECT_EQ(schema.ToString(), "struct<a:struct<x:string,y:array<double>,z:boolean>,b:bigint,c:string,m:string>");
  EXPECT_EQ(Rows(*OpenJson(files_, uri, schema, {1, 0, 3}, {})),
            (std::vector<std::string>{"1|{t, [1.0, 2.5], null}|1", "NULL|{null, null, true}|{\"k\":\"v\"}",
                                      "NULL|NULL|NULL", "4|NULL|NULL"}));
  EXPECT_EQ(Rows(*OpenJson(files_, uri, schema, {1}, {{"mode", "DROPMALFORMED"}})).size(), 3u);
  try {
    Rows(*OpenJson(files_, uri, schema, {1}, {{"mode", "FAILFAST"}}));
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("line 4"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace quell::storage
