// Splits the text of a CSV file into rows, block by block, on the thread that asks for them.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include <arrow/csv/options.h>
#include <arrow/csv/parser.h>
#include <arrow/io/interfaces.h>

#include "storage/text/text_window.h"

namespace quell::storage {

// What becomes of rows that have another number of values than the first one of their file.
enum class RaggedRows : uint8_t { kKeep, kDrop, kRefuse };

// Not thread-safe. Holds one block of text, which grows only where a row is longer. A text that is no CSV, or cannot be
// read, is FAILED_READ_FILE; besides, all throw what reading the file throws.
class CsvRows {
 public:
  // `what` is for errors: "read CSV file ...".
  CsvRows(std::shared_ptr<arrow::io::InputStream> input, const arrow::csv::ParseOptions& options, RaggedRows ragged,
          std::string what);

  // The values of the first row, which Next() gives, too, unless SkipFirst() was called; none in a file without rows.
  const std::vector<std::string>& first() const { return first_; }
  void SkipFirst();

  // The next rows, all with as many values as the first one of the file; where ragged rows are kept, all with some
  // number of values. nullptr after the last.
  std::unique_ptr<arrow::csv::BlockParser> Next();

  int64_t memory_bytes() const { return window_.memory_bytes(); }

 private:
  // Rows that follow each other and have the same number of values.
  struct Run {
    int32_t num_values;
    int32_t num_rows;
  };

  void ReadMore();
  // Takes all whole rows from the window; none where they are not all alike, which are left to runs_ then.
  std::unique_ptr<arrow::csv::BlockParser> ParseWindow();
  // Takes the rows of a run.
  std::unique_ptr<arrow::csv::BlockParser> ParseRun(Run run);
  void ReadFirst(const arrow::csv::BlockParser& parser);
  // Parses the whole rows of what is pending; at the end of the file, the last one, too.
  arrow::Status Parse(arrow::csv::BlockParser* parser, uint32_t* size_bytes) const;

  const arrow::csv::ParseOptions options_;
  const RaggedRows ragged_;
  const std::string what_;
  TextWindow window_;       // of what no row was made of yet
  bool is_parsed_ = false;  // all whole rows of the window are, or are in runs_
  std::deque<Run> runs_;    // of the window, where it has ragged rows
  std::vector<std::string> first_;
  uint32_t first_bytes_ = 0;
  int64_t row_ = 1;  // the next one, as errors count them
};

}  // namespace quell::storage
