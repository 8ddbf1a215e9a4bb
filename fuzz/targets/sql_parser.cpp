// SQL text: scripts are cut into statements, and each of them parses or is refused.
#include "base/check.h"
#include "fuzz/fuzzer.h"
#include "sql/parser.h"
#include "sql/script.h"

namespace quell::fuzz {

std::vector<std::string> Seeds() {
  return {
      "SELECT a.b.c, t.*, count(DISTINCT x) FILTER (WHERE y > 1.5e3) AS n FROM db.t AS t WHERE a IN (1, 2L, X'1F') "
      "AND NOT b LIKE 'a\\u0041%' ESCAPE '/' GROUP BY ROLLUP (a, (b, c)), d HAVING n >= 1 ORDER BY 1 DESC NULLS LAST "
      "LIMIT 10 OFFSET 2",
      "WITH a (x) AS (SELECT 1), b AS (TABLE a) SELECT * EXCEPT (y) FROM (a JOIN b ON a.x = b.x) LEFT SEMI JOIN c "
      "USING (x, y), LATERAL (SELECT 2) UNION ALL (VALUES (1, 'a'), (2, r'b\\')) INTERSECT SELECT 3",
      "CREATE OR REPLACE TABLE delta.`s3://b/t` (a INT NOT NULL COMMENT 'x', b ARRAY<STRUCT<c: MAP<STRING, DECIMAL(12, "
      "2)>>>) USING delta PARTITIONED BY (a) TBLPROPERTIES ('k' = 'v', a.b = 1) LOCATION '/x' COMMENT 'y'",
      "INSERT INTO t PARTITION (p = 1, q) (a, b) SELECT CASE x WHEN 1 THEN 'a' ELSE CAST(y AS DECIMAL(10,2)) END, "
      "z::int[0].w FROM u; INSERT INTO t REPLACE WHERE day >= DATE'2024-01-01' WITH q AS (SELECT 1) SELECT * FROM q",
      "SELECT sum(x) OVER (PARTITION BY a, b ORDER BY c DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING), "
      "transform(l, (v, i) -> v + i), INTERVAL 1 DAY 2 HOURS, INTERVAL '1-2' YEAR TO MONTH, INTERVAL -'3 04:05:06.7' "
      "DAY TO SECOND",
      "SELECT EXTRACT(YEAR FROM d), SUBSTRING(a FROM 1 FOR 2), TRIM(BOTH 'x' FROM y), POSITION('a' IN b), OVERLAY(a "
      "PLACING b FROM 1) -- comment\n/* nested /* comment */ */ + -2 << 3 >>> 4 & ~5 ^ 6 | 7 <=> 8 || `a``b`",
      "SET spark.sql.session.timeZone = UTC; EXPLAIN ANALYZE SELECT * FROM delta.`/t` VERSION AS OF 3; DESCRIBE DETAIL "
      "delta.`/t`; SELECT '${key}'",
  };
}

}  // namespace quell::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace quell;
  const std::string_view script = fuzz::Input(data, size).text();
  sql::IsIncomplete(script);
  sql::Substitute(script, {{"key", "${key}"}});
  for (const sql::ScriptStatement& statement : sql::SplitStatements(script)) {
    fuzz::Accepts([&] { sql::ParseStatement(statement.text, statement.start); });
  }
  return 0;
}
