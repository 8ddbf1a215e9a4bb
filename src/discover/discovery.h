// What is in a folder or under a prefix, found without reading rows.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "data/schema.h"
#include "data/value.h"

namespace quell::discover {

// Why a file cannot be trusted.
enum class ProblemKind : uint8_t { kEmpty, kTruncated, kNotParquet, kCorrupt, kMissing, kWrongSize };

struct Problem {
  ProblemKind kind;
  std::string path;
  std::string message;
};

// A primitive column over all files, members of nested columns as "a.b". Numbers of columns are leaf columns of
// Parquet.
struct ColumnSummary {
  std::string name;
  Type type;                    // of most files
  std::set<std::string> types;  // of all files, in SQL
  bool nullable = false;        // in some file
  int64_t num_files = 0;
  int64_t compressed_bytes = 0;
  int64_t uncompressed_bytes = 0;
  std::set<std::string> encodings;
  // Absent when some file does not say.
  std::optional<int64_t> null_count;
  std::optional<Value> min;
  std::optional<Value> max;
};

struct PartitionSummary {
  std::string name;
  Type type;
  int64_t num_values = 0;             // distinct ones, up to a limit
  std::vector<std::string> examples;  // the first and the last in order
};

// Files whose schema differs in the same way from that of most files.
struct Drift {
  std::vector<std::string> differences;  // "column b: missing", "column c: STRING instead of BIGINT"
  bool changes_type = false;             // such files cannot be read as one table
  int64_t num_files = 0;
  std::vector<std::string> paths;  // the first ones
};

struct DeltaSummary {
  int64_t version = 0;
  int32_t min_reader_version = 0;
  int32_t min_writer_version = 0;
  std::set<std::string> features;
  std::vector<std::string> partition_columns;
  std::map<std::string, std::string> properties;
  int64_t active_files = 0;
  int64_t other_files = 0;  // in the folder, but not in this version
};

struct Discovery {
  std::string uri;
  int64_t num_files = 0;  // data files, those with problems included
  int64_t num_bytes = 0;
  int64_t num_rows = 0;
  int64_t num_row_groups = 0;
  std::map<std::string, int64_t> codecs;   // bytes by codec
  std::map<std::string, int64_t> writers;  // files by what wrote them
  Schema schema;                           // unified: of most files, then the columns that others add
  std::vector<ColumnSummary> columns;
  std::vector<PartitionSummary> partitions;
  std::vector<Drift> drift;
  std::vector<Problem> problems;  // the first ones
  int64_t num_problems = 0;
  std::optional<DeltaSummary> delta;

  // A file cannot be read, or not together with the others.
  bool is_doubtful() const;
};

const char* ToString(ProblemKind kind);

}  // namespace quell::discover
