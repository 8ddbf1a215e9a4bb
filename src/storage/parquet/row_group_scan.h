// Scans rows of one row group: prunes, filters, and decodes only what the filter leaves.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/cancellation.h"
#include "base/metrics.h"
#include "data/column.h"
#include "expression/evaluator.h"
#include "expression/expression.h"
#include "storage/parquet/column_source.h"
#include "storage/parquet/parquet_file.h"
#include "storage/stream/range_reader.h"

namespace quell::storage {

// A column that a scan gives, in its order.
struct ScanColumn {
  ColumnPath path;                       // in the file; empty for a constant
  Type type;                             // what it comes as: the file's type, or one that holds all of its values
  std::optional<Value> constant = {};    // of a partition column, or of one that the file is known not to have
  bool null_if_missing = false;          // else a file without the column is an error
  std::optional<Type> stored_type = {};  // `type` with the names that members have in the file, where they differ
};

// Shared by all scans of a table, but for what differs by file.
struct ScanSpec {
  std::vector<ScanColumn> columns;
  ExprList filter;  // conjuncts over InputRefs by position in `columns`; cheap and selective ones first
  int64_t batch_rows = kBatchRows;
  bool use_statistics = true;
  Metrics* metrics = nullptr;  // may be null; outlives the scans
  CancelTokenPtr cancel;       // may be null
  // Shared by scans that run one after the other, or at once.
  std::shared_ptr<RangeReader> reader = std::make_shared<RangeReader>();
};

// One instance per thread and morsel. Batches come in row order; those of which no row is selected are left out. A
// batch has all columns of the spec, and its selection has the rows for which every conjunct is true. Decimals,
// dictionaries and constants are as in data/column.h: a column may be dictionary-encoded in one batch and flat in the
// next, and the dictionary of a column is the same object in all batches of a row group.
class RowGroupScan {
 public:
  // `rows` is a part of the row group. `deleted_rows`, if given, are ascending positions in the file whose rows do not
  // come.
  RowGroupScan(ParquetFilePtr file, int row_group, RowRange rows, std::shared_ptr<const ScanSpec> spec,
               std::shared_ptr<const std::vector<int64_t>> deleted_rows = nullptr);
  ~RowGroupScan();

  // Begins to fetch from a remote file. Optional: for a scan that is next in line.
  void Prefetch();
  // nullopt at the end.
  std::optional<Batch> Next();
  // "file 'x.parquet', row group 0, column 'a'": where the values of the batches are from. Names a few columns at most.
  std::string place() const;
  // The position in the file of the first row of the batch that Next returned last.
  int64_t batch_first_row() const { return file_->row_group_first_row(row_group_) + batch_begin_; }

 private:
  void Bind();
  ColumnSource& Source(int column);
  bool Filter(RowRange rows, Batch* batch);
  void FillColumn(int column, RowRange rows, Batch* batch);
  SelectionPtr WithoutDeleted(RowRange rows);
  std::optional<RowRange> NextRows();

  const ParquetFilePtr file_;
  const int row_group_;
  const std::shared_ptr<const ScanSpec> spec_;
  const std::shared_ptr<const std::vector<int64_t>> deleted_rows_;
  std::vector<RowRange> ranges_;  // what is left to scan
  size_t range_ = 0;
  size_t next_deleted_ = 0;
  int64_t batch_begin_ = 0;
  bool is_bound_ = false;
  bool is_partial_ = false;  // of the row group, pages are left out
  std::vector<std::optional<FileColumn>> file_columns_;
  std::vector<std::unique_ptr<ColumnSource>> sources_;
  std::vector<Evaluator> filters_;
  std::vector<std::vector<int>> filter_inputs_;
  std::vector<RowRange> wanted_;  // scratch
};

}  // namespace quell::storage
