#include "sql/parser.h"

#include <gtest/gtest.h>

#include <string>

#include "base/error.h"

namespace quell::sql {
namespace {

using namespace unresolved;

std::string NameOf(std::string_view expression) { return ColumnName(*ParseSingleExpression(expression, false)); }

std::string ErrorOf(std::string_view text) {
  try {
    ParseStatement(text);
  } catch (const Error& error) {
    return std::string(error.error_class().name) + " " + std::to_string(error.location().line) + ":" +
           std::to_string(error.location().column);
  }
  return "none";
}

template <typename T>
T Parse(std::string_view text) {
  const Statement statement = ParseStatement(text);
  const T* node = statement.As<T>();
  EXPECT_NE(node, nullptr) << text;
  return *node;
}

TEST(ParserTest, OperatorsBindAsInSpark) {
  EXPECT_EQ(NameOf("1 + 2 * 3 - 4"), "((1 + (2 * 3)) - 4)");
  EXPECT_EQ(NameOf("a OR b AND NOT c = d"), "(a OR (b AND (NOT (c = d))))");
  EXPECT_EQ(NameOf("a OR b OR c"), "((a OR b) OR c)");
  EXPECT_EQ(NameOf("-a * b"), "((- a) * b)");
  EXPECT_EQ(NameOf("a -1"), "(a - 1)");
  EXPECT_EQ(NameOf("1 << 2 + 3"), "(1 << (2 + 3))");
  EXPECT_EQ(NameOf("a & b | c ^ d"), "((a & b) | (c ^ d))");
  EXPECT_EQ(NameOf("a <> b"), "(NOT (a = b))");
  EXPECT_EQ(NameOf("a || b || 'x'"), "concat(concat(a, b), x)");
}

TEST(ParserTest, Predicates) {
  EXPECT_EQ(NameOf("a IS NOT NULL"), "(a IS NOT NULL)");
  EXPECT_EQ(NameOf("a NOT IN (1, 2)"), "(NOT (a IN (1, 2)))");
  EXPECT_EQ(NameOf("a NOT BETWEEN 1 AND 2 OR b"), "((NOT between(a, 1, 2)) OR b)");
  EXPECT_EQ(NameOf("a LIKE 'x%'"), "a LIKE x%");
  EXPECT_EQ(NameOf("a IS DISTINCT FROM b"), "(NOT (a <=> b))");
  EXPECT_EQ(NameOf("a IN (SELECT 1)"), "(a IN (listquery()))");
}

TEST(ParserTest, Forms) {
  EXPECT_EQ(NameOf("CASE a WHEN 1 THEN 'x' ELSE b END"), "CASE WHEN (a = 1) THEN x ELSE b END");
  EXPECT_EQ(NameOf("CAST(a AS DECIMAL(12, 2))"), "CAST(a AS DECIMAL(12,2))");
  EXPECT_EQ(NameOf("a::int"), "CAST(a AS INT)");
  EXPECT_EQ(NameOf("EXTRACT(YEAR FROM t.a)"), "extract(YEAR FROM a)");
  EXPECT_EQ(NameOf("trim(BOTH 'x' FROM a)"), "TRIM(BOTH x FROM a)");
  EXPECT_EQ(NameOf("substring(a FROM 2 FOR 3)"), "substring(a, 2, 3)");
  EXPECT_EQ(NameOf("date_add(DAY, 1, a)"), "timestampadd(DAY, 1, a)");
  EXPECT_EQ(NameOf("count(*)"), "count(1)");
  EXPECT_EQ(NameOf("count(DISTINCT a) FILTER (WHERE b > 1)"), "count(DISTINCT a) FILTER (WHERE (b > 1))");
  EXPECT_EQ(NameOf("transform(a, x -> x + 1)"),
            "transform(a, lambdafunction((namedlambdavariable() + 1), namedlambdavariable()))");
  EXPECT_EQ(
      NameOf("sum(a) OVER (PARTITION BY b ORDER BY c DESC)"),
      "sum(a) OVER (PARTITION BY b ORDER BY c DESC NULLS LAST RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)");
  EXPECT_EQ(NameOf("INTERVAL 1 DAY 2 HOURS"), "INTERVAL '1 02' DAY TO HOUR");
  EXPECT_EQ(NameOf("INTERVAL '1 02:03:04.5' DAY TO SECOND"), "INTERVAL '1 02:03:04.5' DAY TO SECOND");
}

TEST(ParserTest, Literals) {
  const auto type_of = [](std::string_view text) {
    return ParseSingleExpression(text, false)->As<Literal>()->type.ToString();
  };
  EXPECT_EQ(type_of("1"), "int");
  EXPECT_EQ(type_of("-2147483648"), "int");
  EXPECT_EQ(type_of("2147483648"), "bigint");
  EXPECT_EQ(type_of("9223372036854775808"), "decimal(19,0)");
  EXPECT_EQ(type_of("1Y"), "tinyint");
  EXPECT_EQ(type_of("1.50"), "decimal(3,2)");
  EXPECT_EQ(type_of("0.001"), "decimal(3,3)");
  EXPECT_EQ(type_of("1e3"), "double");
  EXPECT_EQ(type_of("1e3BD"), "decimal(4,0)");
  const auto text_of = [](std::string_view text) {
    return std::get<std::string>(ParseSingleExpression(text, false)->As<Literal>()->value.data);
  };
  EXPECT_EQ(text_of(R"('it''s \n\t\u0041\101')"), "it's \n\tAA");
  EXPECT_EQ(text_of(R"(r'a\n')"), "a\\n");
  EXPECT_EQ(text_of("'a' \"b\""), "ab");
  EXPECT_EQ(text_of("X'1F0'"), std::string("\x01\xF0"));
  EXPECT_EQ(text_of(R"('10\%')"), "10\\%");
}

TEST(ParserTest, WordsAreColumnsWhereTheyCanBe) {
  EXPECT_EQ(ErrorOf("SELECT date, timestamp, interval, end, all, distinct FROM t"), "none");
  EXPECT_EQ(ErrorOf("SELECT a start, b end FROM t left JOIN u ON t.a = u.a"), "PARSE_SYNTAX_ERROR 1:19");
  EXPECT_EQ(ErrorOf("SELECT left(a, 1), replace(b, 'x', 'y') FROM t"), "none");
}

TEST(ParserTest, ErrorsTellThePlace) {
  EXPECT_EQ(ErrorOf("SELECT a\nFORM t WHERE"), "PARSE_SYNTAX_ERROR 2:6");
  EXPECT_EQ(ErrorOf("SELECT (1"), "PARSE_SYNTAX_ERROR 1:10");
  EXPECT_EQ(ErrorOf("SELECT 'abc"), "PARSE_SYNTAX_ERROR 1:8");
  EXPECT_EQ(ErrorOf("SELECT 1 /* x"), "UNCLOSED_BRACKETED_COMMENT 1:10");
  EXPECT_EQ(ErrorOf("  ;"), "PARSE_EMPTY_STATEMENT 1:1");
  EXPECT_EQ(ErrorOf("SELECT 1; SELECT 2"), "PARSE_SYNTAX_ERROR 1:11");
  EXPECT_EQ(ErrorOf("MERGE INTO t USING u ON a = b"), "UNSUPPORTED_FEATURE 1:1");
}

TEST(ParserTest, HostileDepthIsRefused) {
  const std::string brackets(100'000, '(');
  EXPECT_EQ(ErrorOf("SELECT " + brackets).substr(0, 27), "FAILED_TO_PARSE_TOO_COMPLEX");
  std::string sum = "SELECT 1";
  for (int i = 0; i < 100'000; ++i) sum += " + 1";
  EXPECT_EQ(ErrorOf(sum).substr(0, 27), "FAILED_TO_PARSE_TOO_COMPLEX");
  std::string calls;
  for (int i = 0; i < 200; ++i) calls += "substring(trim(";
  EXPECT_EQ(ErrorOf("SELECT " + calls).substr(0, 27), "FAILED_TO_PARSE_TOO_COMPLEX");
  std::string conditions = "SELECT a = 0";
  for (int i = 0; i < 10'000; ++i) conditions += " OR a = 1";
  EXPECT_EQ(ErrorOf(conditions), "none");
}

TEST(ParserTest, NamesOfNestedCallsTakeNoTime) {
  std::string calls;
  for (int i = 0; i < 100; ++i) calls += "abs(";
  EXPECT_EQ(NameOf(calls + "a" + std::string(100, ')')), calls + "a" + std::string(100, ')'));
}

TEST(ParserTest, CreateTable) {
  const auto create = Parse<CreateTable>(
      "CREATE OR REPLACE TABLE delta.`s3://b/t` USING delta PARTITIONED BY (week) TBLPROPERTIES (a.b = 'c') AS SELECT "
      "1 AS week;");
  EXPECT_EQ(create.mode, CreateTable::Mode::kCreateOrReplace);
  EXPECT_EQ(create.table.name_parts, (std::vector<std::string>{"delta", "s3://b/t"}));
  EXPECT_EQ(create.partitioned_by, std::vector<std::string>{"week"});
  EXPECT_EQ(create.properties.at("a.b"), "c");
  ASSERT_NE(create.query, nullptr);
  const auto columns =
      Parse<CreateTable>("CREATE TABLE IF NOT EXISTS t (a INT NOT NULL COMMENT 'x', b ARRAY<STRUCT<c: INT>>)");
  EXPECT_EQ(columns.columns.size(), 2u);
  EXPECT_FALSE(columns.columns[0].nullable);
}

TEST(ParserTest, Insert) {
  const auto replace = Parse<Insert>("INSERT INTO t REPLACE WHERE week >= DATE'2024-01-01' SELECT * FROM u");
  EXPECT_EQ(replace.mode, Insert::Mode::kReplaceWhere);
  ASSERT_NE(replace.replace_where, nullptr);
  const auto overwrite = Parse<Insert>("INSERT OVERWRITE TABLE t PARTITION (p = 1, q) (a, b) VALUES (1, 2), (3, 4)");
  EXPECT_EQ(overwrite.mode, Insert::Mode::kOverwrite);
  EXPECT_EQ(overwrite.partition.size(), 2u);
  EXPECT_EQ(overwrite.columns, (std::vector<std::string>{"a", "b"}));
}

TEST(ParserTest, Settings) {
  const auto set = Parse<Set>("-- first\nSET a.b.c = x y;");
  EXPECT_EQ(set.key, "a.b.c");
  EXPECT_EQ(set.value, "x y");
  EXPECT_EQ(Parse<Set>("SET TIME ZONE 'Asia/Tokyo'").value, "Asia/Tokyo");
  EXPECT_EQ(Parse<Set>("set time zone interval -10 hours").value, "-10:00");
  EXPECT_FALSE(Parse<Reset>("RESET").key.has_value());
}

TEST(ParserTest, Relations) {
  EXPECT_EQ(ErrorOf("SELECT * FROM a LEFT SEMI JOIN b USING (k), LATERAL (SELECT 1) c, (d JOIN e)"), "none");
  EXPECT_EQ(ErrorOf("((SELECT 1) UNION ALL (SELECT 2)) ORDER BY 1 LIMIT 3 OFFSET 1"), "none");
  EXPECT_EQ(ErrorOf("WITH a (x) AS (SELECT 1) SELECT ((SELECT max(x) FROM a)) + 1 FROM a GROUP BY ALL HAVING true"),
            "none");
  EXPECT_EQ(ErrorOf("SELECT * EXCEPT (a) FROM delta.`/t` VERSION AS OF 3 t GROUP BY a, ROLLUP (b, (c, d))"), "none");
  EXPECT_EQ(ErrorOf("SELECT * FROM VALUES (1, 'a'), (2, 'b') AS t(x, y), range(10) LATERAL VIEW explode(z) AS w"),
            "none");
}

}  // namespace
}  // namespace quell::sql
