// Footers added up, so that memory does not grow with the number of files.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "discover/discovery.h"
#include "storage/parquet/parquet_file.h"

namespace quell::discover {

// Not thread-safe.
class FooterSummary {
 public:
  void Add(const storage::ParquetFile& file);
  // Fills codecs, rows, row groups, writers, schema, columns and drift.
  void FinishTo(Discovery* discovery) const;

 private:
  // Statistics of a leaf column over the files that give it one type.
  struct LeafOfType {
    Type type;
    ColumnSummary summary;
    bool bounds_known = true;
    bool null_count_known = true;
  };
  struct FilesOfSchema {
    Schema schema;
    int64_t num_files = 0;
    std::vector<std::string> paths;
  };

  void AddLeaf(const storage::ParquetFile& file, int leaf);
  const FilesOfSchema* MostCommon() const;

  int64_t num_rows_ = 0;
  int64_t num_row_groups_ = 0;
  std::map<std::string, int64_t> codecs_;
  std::map<std::string, int64_t> writers_;
  std::vector<std::string> leaf_order_;
  std::map<std::string, std::map<std::string, LeafOfType>> leaves_;  // by name, then type
  std::map<std::string, FilesOfSchema> schemas_;                     // by text
};

// How the schema of `other` differs from `reference`, column by column.
Drift CompareSchemas(const Schema& reference, const Schema& other);

}  // namespace quell::discover
