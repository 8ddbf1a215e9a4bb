// What the engine knows of a table: its schema, the files that a scan has to read, and how a write is committed. Delta
// tables, folders of files and views stand behind it; execution never sees what kind a table is.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/cancellation.h"
#include "base/metrics.h"
#include "data/constraint.h"
#include "data/length_limits.h"
#include "data/schema.h"
#include "data/value.h"
#include "expression/expression.h"
#include "storage/column_range.h"
#include "storage/file_system.h"

namespace quell::catalog {

enum class FileFormat : uint8_t { kParquet, kCsv, kJson };

// Rows of a file that are deleted: ascending positions.
using DeletedRows = std::vector<int64_t>;

// One file that a scan reads.
struct DataFile {
  storage::Uri uri;
  int64_t size_bytes = 0;
  std::optional<int64_t> num_rows;
  // Values of the columns that are not in the file (partition columns), by position in Table::schema().
  std::map<int, Value> constants;
  // Loads the deleted rows; empty function: none. A function, so that pruned files cost no read.
  std::function<std::shared_ptr<const DeletedRows>()> deleted_rows;
};

// What a scan needs of a table, known after optimization.
struct ScanRequest {
  std::vector<int> columns;  // positions in schema() that are read
  ExprList filters;          // conjuncts over InputRefs by position in schema(); may be used to prune, or ignored
};

struct ScanFiles {
  std::vector<DataFile> files;
  int64_t files_pruned = 0;
};

enum class WriteMode : uint8_t {
  kCreate,
  kCreateOrReplace,
  kAppend,
  kOverwrite,
  kOverwritePartitions,  // those that rows come for
  kReplaceWhere,
};

// A data file that was written, with the statistics that the log keeps.
struct WrittenFile {
  std::string relative_path;  // below the table's folder, not URL-encoded
  int64_t size_bytes = 0;
  int64_t num_rows = 0;
  std::map<std::string, Value> partition_values;
  std::map<std::string, storage::ColumnRange> ranges;  // by column name; nested members as "a.b"
};

struct CommitResult {
  int64_t version = 0;
  bool was_skipped = false;  // the transaction (appId, version) was committed before
  int64_t files_added = 0;
  int64_t files_removed = 0;
};

// A write that was begun against one version of a table. Thread-safe only where said. Destroyed without Commit, it
// leaves the table as it was and deletes the files that it was told of.
class TableWrite {
 public:
  virtual ~TableWrite() = default;
  virtual storage::FileSystem& file_system() = 0;
  virtual const storage::Uri& folder() const = 0;
  virtual const Schema& schema() const = 0;  // columns of the input, in order
  virtual const std::vector<std::string>& partition_columns() const = 0;
  virtual std::string compression() const = 0;  // "zstd" ...
  // What an earlier commit of the same transaction (appId, version) came to: there is nothing to write then.
  virtual std::optional<CommitResult> Applied() const = 0;
  // A name for the next data file of a partition, unique among all writers.
  virtual std::string NewFileName(const std::map<std::string, Value>& partition_values) = 0;  // thread-safe
  virtual void AddFile(WrittenFile file) = 0;                                                 // thread-safe
  virtual CommitResult Commit() = 0;
};

// A column whose texts are limited in length.
struct LimitedColumn {
  int position = 0;  // in the schema
  LengthLimits limits;
};

// Rows that describe a table.
struct DescriptionRows {
  Schema schema;
  std::vector<std::vector<Value>> values;
};

class Table {
 public:
  virtual ~Table() = default;
  virtual const std::string& name() const = 0;  // as the user wrote it: "delta.`/t`"
  // Where its files are, as storage::Uri prints it; empty for a table that has none.
  virtual std::string location() const { return {}; }
  virtual const Schema& schema() const = 0;
  // The same columns under the names that they have in data files.
  virtual const Schema& physical_schema() const { return schema(); }
  virtual std::vector<std::string> partition_columns() const { return {}; }
  virtual FileFormat format() const { return FileFormat::kParquet; }
  virtual const std::map<std::string, std::string>& options() const = 0;
  virtual std::vector<Constraint> constraints() const { return {}; }
  virtual std::vector<LimitedColumn> limited_columns() const { return {}; }
  // A file without a column has NULL in it (columns that a log added later); else it is an error.
  virtual bool files_may_lack_columns() const { return false; }
  virtual ScanFiles PlanScan(const ScanRequest& request) = 0;
  // The same table with no more of its files than may hold rows for which the conjuncts (over InputRefs by position in
  // schema()) are true. nullptr where files cannot be told apart.
  virtual std::shared_ptr<Table> Restrict(ExprList) const { return nullptr; }
  // DESCRIBE DETAIL: one row. DESCRIBE HISTORY: a row a commit; throws UNSUPPORTED_FEATURE where there are no commits.
  virtual DescriptionRows Detail() = 0;
  virtual DescriptionRows History() = 0;
  // Rows as far as known without reading data; for estimates.
  virtual std::optional<int64_t> EstimatedRows() { return std::nullopt; }
  virtual std::optional<int64_t> EstimatedBytes() { return std::nullopt; }
};

using TablePtr = std::shared_ptr<Table>;

}  // namespace quell::catalog
