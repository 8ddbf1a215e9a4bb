// Splits the text of a CSV file into rows, block by block, on the thread that asks for them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/csv/options.h>
#include <arrow/csv/parser.h>
#include <arrow/io/interfaces.h>

namespace quell::storage {

// Not thread-safe. Holds one block of text, which grows only where a row is longer. All throw FAILED_READ_FILE.
class CsvRows {
 public:
  // `what` is for errors: "read CSV file ...".
  CsvRows(std::shared_ptr<arrow::io::InputStream> input, arrow::csv::ParseOptions options, std::string what);

  // The values of the first row, which Next() gives, too, unless SkipFirst() was called; none in a file without rows.
  const std::vector<std::string>& first() const { return first_; }
  void SkipFirst();

  // The next rows, each with as many values as the first; nullptr after the last.
  std::unique_ptr<arrow::csv::BlockParser> Next();

 private:
  std::string_view pending() const { return std::string_view(text_).substr(begin_); }
  // Reads on behind what is pending.
  void ReadMore();
  void ReadFirst(const arrow::csv::BlockParser& parser);
  // Parses the whole rows of what is pending; at the end of the file, the last one, too.
  arrow::Status Parse(arrow::csv::BlockParser* parser, uint32_t* size_bytes) const;

  const std::shared_ptr<arrow::io::InputStream> input_;
  const arrow::csv::ParseOptions options_;
  const std::string what_;
  std::string text_;
  size_t begin_ = 0;  // of what no row was made of yet
  bool is_at_end_ = false;
  std::vector<std::string> first_;
  uint32_t first_bytes_ = 0;
  int64_t row_ = 1;  // the next one, as errors count them
};

}  // namespace quell::storage
