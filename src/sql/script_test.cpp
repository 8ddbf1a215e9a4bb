#include "sql/script.h"

#include <gtest/gtest.h>

namespace quell::sql {
namespace {

TEST(ScriptTest, SemicolonsInQuotesAndCommentsDoNotCut) {
  const auto statements = SplitStatements("SELECT ';' -- one; two\n;\n/* ; */ SELECT r'\\';SELECT `a;b`;;\n  -- end\n");
  ASSERT_EQ(statements.size(), 3u);
  EXPECT_EQ(statements[0].text, "SELECT ';'");
  EXPECT_EQ(statements[1].text, "SELECT r'\\'");
  EXPECT_EQ(statements[1].start, (SourceLocation{3, 9}));
  EXPECT_EQ(statements[2].text, "SELECT `a;b`");
}

TEST(ScriptTest, IncompleteTextAsksForMore) {
  EXPECT_TRUE(IsIncomplete("SELECT 1"));
  EXPECT_TRUE(IsIncomplete("SELECT 'a;"));
  EXPECT_TRUE(IsIncomplete("SELECT 1; /* x"));
  EXPECT_FALSE(IsIncomplete("SELECT 1; -- done"));
  EXPECT_FALSE(IsIncomplete(""));
}

TEST(ScriptTest, VariablesAreReplacedOnce) {
  const std::map<std::string, std::string> variables = {{"day", "2024-01-01"}, {"x", "${day}"}};
  EXPECT_EQ(Substitute("'${day}' ${hiveconf:day} ${x} ${other} ${", variables),
            "'2024-01-01' 2024-01-01 ${day} ${other} ${");
  std::set<Variable> unknown;
  Substitute("${day} ${other} ${hivevar:more} ${env:NO_SUCH_ONE} ${no:prefix} '${[a-z]+}' ${}", variables, &unknown);
  EXPECT_EQ(unknown, (std::set<Variable>{{"NO_SUCH_ONE", true}, {"more", false}, {"other", false}}));
}

TEST(ScriptTest, KnowsAnExplain) {
  EXPECT_TRUE(IsExplain("EXPLAIN SELECT 1"));
  EXPECT_TRUE(IsExplain("explain\nANALYZE SELECT 1"));
  EXPECT_FALSE(IsExplain("explained"));
  EXPECT_FALSE(IsExplain("SELECT 1"));
  EXPECT_FALSE(IsExplain(""));
}

}  // namespace
}  // namespace quell::sql
