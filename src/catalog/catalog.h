// Finds tables by name or by format and path, and begins writes to them.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "catalog/table.h"

namespace quell::catalog {

struct TableName {
  std::vector<std::string> parts;  // {"delta", "s3://b/t"} for a path; {"db", "t"} or {"t"} for a name
  std::map<std::string, std::string> options = {};
  std::optional<int64_t> version = {};  // time travel
  std::optional<int64_t> timestamp_us = {};

  // "delta", "parquet", "csv" or "json" for a path; nullopt for a name.
  std::optional<std::string> path_format() const;
  std::string ToString() const;  // back-quoted where needed
};

// What a statement reads of a table.
struct TableRead {
  TablePtr table;
  ScanRequest request;
};

// What a write does to a table.
struct WriteRequest {
  TableName table;
  WriteMode mode;
  Schema schema;                                 // of the rows that come
  std::vector<std::string> partitioned_by = {};  // of a new table
  std::map<std::string, std::string> properties = {};
  bool has_query = true;  // false: the columns of a new table were listed, and no rows come
  bool if_not_exists = false;
  bool overwrite_schema = false;
  ExprPtr replace_where = nullptr;  // over InputRefs by position in the table's schema
  // INSERT OVERWRITE that leaves the value of some partition column to its rows.
  bool has_dynamic_partitions = false;
  // The rows that come include those to be kept of the files that may hold rows to be replaced.
  bool brings_kept_rows = false;
  // What the rows are made of: other writers may not change it meanwhile where it is the table itself.
  std::vector<TableRead> reads = {};
  std::string operation_sql = {};    // the statement, for the history
  std::string compression = "zstd";  // of data files
  // Idempotent retries: quell.txn.appId and quell.txn.version.
  std::optional<std::string> txn_app_id = {};
  std::optional<int64_t> txn_version = {};
};

struct CatalogOptions {
  storage::StorageContext storage;
  std::string default_format = "delta";  // of tables by name
  std::string warehouse = "spark-warehouse";
};

// Serves one statement: all that it asks of a table is answered from the version, or the files, that were newest when
// it first asked.
class Catalog {
 public:
  explicit Catalog(CatalogOptions options);

  // nullptr when there is no such table. Throws PATH_NOT_FOUND for a path in a format that has no files.
  TablePtr Find(const TableName& name);
  // Begins a write; nullptr when `if_not_exists` is set and the table is there. Throws TABLE_OR_VIEW_ALREADY_EXISTS,
  // TABLE_OR_VIEW_NOT_FOUND and what the format refuses.
  std::unique_ptr<TableWrite> BeginWrite(const WriteRequest& request);
  // Those of the table that the request makes.
  std::vector<Constraint> ConstraintsOf(const WriteRequest& request) const;
  void Drop(const TableName& name, bool if_exists);

  const CatalogOptions& options() const { return options_; }

 private:
  CatalogOptions options_;
  std::map<std::string, TablePtr> tables_;  // that were found, by what was asked for
};

}  // namespace quell::catalog
