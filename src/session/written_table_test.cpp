// What a session says of the table that a statement wrote: its columns and what they were computed from.
#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "session/session.h"

namespace quell {
namespace {

class Ignore final : public ResultConsumer {
 public:
  void Begin(const Schema&) override {}
  void Consume(const Batch&) override {}
};

class WrittenTableTest : public testing::Test {
 protected:
  WrittenTableTest() : folder_(testing::TempDir() + "written_table_" + std::to_string(getpid())) {
    Run("CREATE TABLE " + At("sales") + " AS SELECT 1 AS id, 'a' AS name, 2.5 AS amount, true AS paid");
    Run("CREATE TABLE " + At("refunds") + " AS SELECT 1 AS id, 1.5 AS amount");
  }
  ~WrittenTableTest() override { std::filesystem::remove_all(folder_); }

  std::string At(const std::string& name) const { return "delta.`" + folder_ + "/" + name + "`"; }
  StatementOutcome Run(const std::string& sql) {
    Ignore ignore;
    return session_.Run(sql, ignore);
  }
  // "column <- table.column table.column", a line each.
  std::string LineageOf(const std::string& query) {
    const StatementOutcome outcome = Run("CREATE OR REPLACE TABLE " + At("made") + " AS " + query);
    return TextOf(outcome.written->lineage);
  }
  std::string TextOf(const std::vector<logical::ColumnLineage>& lineage) {
    std::string text;
    for (const logical::ColumnLineage& column : lineage) {
      text += column.column + " <-";
      for (const logical::SourceColumn& source : column.sources) {
        text += " " + source.location.substr(folder_.size() + 1) + "." + source.column;
      }
      text += "\n";
    }
    return text;
  }

  const std::string folder_;
  Session session_;
};

TEST_F(WrittenTableTest, AnExpressionComesFromItsColumns) {
  EXPECT_EQ(LineageOf("SELECT id, amount * id AS product, upper(name) AS name FROM " + At("sales")),
            "id <- sales.id\nproduct <- sales.amount sales.id\nname <- sales.name\n");
}

TEST_F(WrittenTableTest, FiltersGroupsAndOrderAreNoSourceOfOtherColumns) {
  EXPECT_EQ(LineageOf("SELECT name, count(*) AS rows, sum(amount) FILTER (WHERE paid) AS total FROM " + At("sales") +
                      " WHERE id > 0 GROUP BY name ORDER BY name"),
            "name <- sales.name\nrows <-\ntotal <- sales.amount\n");
}

TEST_F(WrittenTableTest, AUnionComesFromAllItsTables) {
  EXPECT_EQ(LineageOf("SELECT id, amount FROM " + At("sales") + " UNION ALL SELECT id, -amount FROM " + At("refunds")),
            "id <- refunds.id sales.id\namount <- refunds.amount sales.amount\n");
}

TEST_F(WrittenTableTest, SubqueriesAndViewsAreSeenThrough) {
  Run("CREATE TEMPORARY VIEW doubled AS SELECT id, amount * 2 AS twice FROM " + At("sales"));
  EXPECT_EQ(LineageOf("WITH x AS (SELECT twice + 1 AS more FROM doubled) SELECT max(more) AS most, 7 AS seven FROM x"),
            "most <- sales.amount\nseven <-\n");
}

TEST_F(WrittenTableTest, AnInsertHasTheColumnsOfTheTable) {
  const StatementOutcome outcome = Run("INSERT INTO " + At("refunds") + " SELECT id + 1, amount FROM " + At("sales"));
  EXPECT_EQ(outcome.version, 1);
  EXPECT_EQ(outcome.written->schema.ToString(), "struct<id:int,amount:decimal(2,1)>");
  EXPECT_EQ(TextOf(outcome.written->lineage), "id <- sales.id\namount <- sales.amount\n");
}

TEST_F(WrittenTableTest, AQueryWritesNone) { EXPECT_FALSE(Run("SELECT 1").written.has_value()); }

}  // namespace
}  // namespace quell
