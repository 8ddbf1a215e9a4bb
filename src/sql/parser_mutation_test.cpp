// Statements that were damaged at random either parse or are refused with an Error; nothing else may happen.
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>

#include "base/error.h"
#include "sql/parser.h"
#include "sql/script.h"

namespace quell::sql {
namespace {

constexpr std::array<std::string_view, 10> kSeeds = {
    "SELECT a.b.c, t.*, count(DISTINCT x) FILTER (WHERE y > 1.5e3) AS n FROM db.t AS t WHERE a IN (1, 2L, X'1F') AND "
    "NOT b LIKE "
    "'a\\u0041%' ESCAPE '/' GROUP BY ROLLUP (a, (b, c)), d HAVING n >= 1 ORDER BY 1 DESC NULLS LAST LIMIT 10 OFFSET 2",
    "WITH a (x) AS (SELECT 1), b AS (TABLE a) SELECT * EXCEPT (y) FROM (a JOIN b ON a.x = b.x) LEFT SEMI JOIN c USING "
    "(x, y), LATERAL "
    "(SELECT 2) UNION ALL (VALUES (1, 'a'), (2, r'b\\')) INTERSECT SELECT 3",
    "CREATE OR REPLACE TABLE delta.`s3://b/t` (a INT NOT NULL COMMENT 'x', b ARRAY<STRUCT<c: MAP<STRING, DECIMAL(12, "
    "2)>>>) USING delta "
    "PARTITIONED BY (a) TBLPROPERTIES ('k' = 'v', a.b = 1) LOCATION '/x' COMMENT 'y'",
    "INSERT INTO t PARTITION (p = 1, q) (a, b) SELECT CASE x WHEN 1 THEN 'a' ELSE CAST(y AS DECIMAL(10,2)) END, "
    "z::int[0].w FROM u",
    "INSERT INTO t REPLACE WHERE day >= DATE'2024-01-01' AND day < TIMESTAMP_NTZ'2024-01-08' WITH q AS (SELECT 1) "
    "SELECT * FROM q",
    "SELECT sum(x) OVER (PARTITION BY a, b ORDER BY c DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING), "
    "transform(l, (v, i) -> v + i)",
    "SELECT INTERVAL 1 DAY 2 HOURS, INTERVAL '1-2' YEAR TO MONTH, INTERVAL -'3 04:05:06.789' DAY TO SECOND, "
    "date_add(MONTH, 1, d)",
    "SELECT EXTRACT(YEAR FROM d), SUBSTRING(a FROM 1 FOR 2), TRIM(BOTH 'x' FROM y), POSITION('a' IN b), OVERLAY(a "
    "PLACING b FROM 1)",
    "SELECT 1 -- comment\n/* nested /* comment */ */ + -2 << 3 >>> 4 & ~5 ^ 6 | 7 <=> 8 || `a``b` IS NOT DISTINCT FROM "
    "(1, 'x', NULL)",
    "SET spark.sql.session.timeZone = UTC; EXPLAIN ANALYZE SELECT * FROM delta.`/t` VERSION AS OF 3; DESCRIBE DETAIL "
    "delta.`/t`"};

constexpr std::array<std::string_view, 30> kPieces = {
    "(",  ")",  ",",       ".",      "'",    "\"",        "`",     "/*",   "*/",    "--",
    "\n", ";",  "SELECT ", " FROM ", " AS ", "INTERVAL ", "CASE ", " IN ", "[",     "]",
    "->", "::", "=>",      "1e999",  "\\",   "\xC3",      "<",     ">",    " NOT ", "VALUES "};

std::string Damage(std::string text, std::mt19937& random) {
  const auto below = [&](size_t bound) { return static_cast<size_t>(random() % std::max<size_t>(bound, 1)); };
  for (size_t count = 1 + below(4); count > 0; --count) {
    const size_t at = below(text.size());
    switch (below(5)) {
      case 0: text.erase(at, 1 + below(8)); break;
      case 1: text.insert(at, kPieces[below(kPieces.size())]); break;
      case 2: text.insert(at, text.substr(below(text.size()), below(20))); break;
      case 3: text.resize(at); break;
      default: text.insert(at, kSeeds[below(kSeeds.size())].substr(0, below(60)));
    }
  }
  return text;
}

TEST(ParserMutationTest, DamagedStatementsParseOrAreRefused) {
  std::mt19937 random(42);
  size_t parsed = 0;
  constexpr size_t kStatements = 4000;
  for (size_t i = 0; i < kStatements; ++i) {
    const std::string script = Damage(std::string(kSeeds[i % kSeeds.size()]), random);
    for (const ScriptStatement& statement : SplitStatements(script)) {
      try {
        ParseStatement(statement.text, statement.start);
        ++parsed;
      } catch (const Error& error) {
        EXPECT_FALSE(error.message().empty()) << statement.text;
      }
    }
  }
  EXPECT_GT(parsed, kStatements / 20);  // Else the damage is too great to test much.
}

}  // namespace
}  // namespace quell::sql
