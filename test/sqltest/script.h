// A `.test` file as values: what it runs and what it expects.
//
//   # a comment
//   require conformance              skip the file where this is missing
//   budget 64MB                      run the file once more with this memory limit
//   set spark.sql.ansi.enabled false
//
//   statement ok
//   CREATE TABLE delta.`${TMP}/t` AS SELECT 1 AS a
//
//   statement error DIVIDE_BY_ZERO   a class, or the part of it before a point
//   SELECT 1 / 0
//   ----
//   the message; left out, any message will do
//
//   query int,string rowsort         the types as Spark's catalog strings, * for any; rowsort: in any order
//   SELECT 1, 'a'
//   ----
//   1	a                            one row a line, tabs between, as spark-sql prints; (empty) for a line of nothing
//
//   plan
//   SELECT 1
//   ----
//   the optimized plan, as EXPLAIN prints it
//
// A block ends at an empty line. ${TMP} is a folder of the file's own, ${REPO} the root of the tree and
// ${CONFORMANCE} the folder of recorded cases.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace quell::sqltest {

enum class BlockKind {
  kText,  // comments and empty lines, kept for --update
  kRequire,
  kBudget,
  kSet,
  kStatementOk,
  kStatementError,
  kQuery,
  kPlan,
};

using Lines = std::vector<std::string>;

// The lines of a text, without their line breaks.
Lines SplitLines(std::string_view text);

struct Block {
  BlockKind kind = BlockKind::kText;
  int line = 0;  // of the file, from 1
  // What follows the word: a requirement, a limit, "key value", an error class, types.
  std::string argument = {};
  bool rowsort = false;
  // The SQL; of kText, the lines themselves.
  Lines body = {};
  // The lines under ----, when there is one.
  std::optional<Lines> expected = {};
};

struct ScriptError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Throws ScriptError, with the number of the line, for a block that is none of the above.
std::vector<Block> ParseScript(std::string_view text);

// The text that ParseScript reads as these blocks.
std::string PrintScript(const std::vector<Block>& blocks);

}  // namespace quell::sqltest
