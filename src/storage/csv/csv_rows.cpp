#include "storage/csv/csv_rows.h"

#include <limits>
#include <utility>

#include "base/arrow_result.h"
#include "base/error_classes.h"
#include "base/memory_pool.h"

namespace quell::storage {

namespace {

constexpr size_t kBlockBytes = size_t{1} << 20;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

constexpr int32_t kAllRows = std::numeric_limits<int32_t>::max();

arrow::csv::ParseOptions WithHandler(arrow::csv::ParseOptions options, arrow::csv::InvalidRowHandler handler) {
  options.invalid_row_handler = std::move(handler);
  return options;
}

arrow::csv::InvalidRowResult Skip(const arrow::csv::InvalidRow&) { return arrow::csv::InvalidRowResult::Skip; }

}  // namespace

CsvRows::CsvRows(std::shared_ptr<arrow::io::InputStream> input, const arrow::csv::ParseOptions& options,
                 RaggedRows ragged, std::string what)
    : options_(ragged == RaggedRows::kDrop ? WithHandler(options, Skip) : options),
      ragged_(ragged),
      what_(std::move(what)),
      window_(std::move(input), kBlockBytes, what_) {
  ReadMore();
  if (window_.pending().starts_with(kByteOrderMark)) window_.Take(kByteOrderMark.size());
  // Without a number of columns, a text that holds no whole row is an error to the parser.
  while (true) {
    arrow::csv::BlockParser parser(EnginePool(), options_, -1, row_, 1);
    const arrow::Status parsed = Parse(&parser, &first_bytes_);
    if (parsed.ok()) {
      ReadFirst(parser);
      return;
    }
    if (window_.is_at_end() && window_.pending().find_first_not_of("\r\n") == std::string_view::npos) return;
    if (window_.is_at_end()) Unwrap(parsed, error_class::kFailedReadFile, what_);
    ReadMore();
  }
}

void CsvRows::ReadFirst(const arrow::csv::BlockParser& parser) {
  const auto add = [this](const uint8_t* data, uint32_t size, bool) {
    first_.emplace_back(reinterpret_cast<const char*>(data), size);
    return arrow::Status::OK();
  };
  Unwrap(parser.VisitLastRow(add), error_class::kFailedReadFile, what_);
}

void CsvRows::SkipFirst() {
  window_.Take(std::exchange(first_bytes_, 0));
  ++row_;
}

std::unique_ptr<arrow::csv::BlockParser> CsvRows::Next() {
  while (!first_.empty()) {
    if (!runs_.empty()) {
      const Run run = runs_.front();
      runs_.pop_front();
      return ParseRun(run);
    }
    if (is_parsed_) {
      if (window_.is_at_end()) return nullptr;
      ReadMore();
    }
    auto parser = ParseWindow();
    if (parser && parser->num_rows() > 0) return parser;
  }
  return nullptr;
}

std::unique_ptr<arrow::csv::BlockParser> CsvRows::ParseWindow() {
  const auto num_values = static_cast<int32_t>(first_.size());
  int64_t found = 0;  // rows
  const auto add_run = [&](int32_t values, int64_t rows) {
    if (rows > 0) runs_.push_back({values, static_cast<int32_t>(rows)});
    found += rows;
  };
  const auto keep = [&](const arrow::csv::InvalidRow& row) {
    add_run(num_values, row.number - row_ - found);
    add_run(row.actual_columns, 1);
    return arrow::csv::InvalidRowResult::Skip;
  };
  auto parser = std::make_unique<arrow::csv::BlockParser>(
      EnginePool(), ragged_ == RaggedRows::kKeep ? WithHandler(options_, keep) : options_, num_values, row_, kAllRows);
  uint32_t size_bytes = 0;
  Unwrap(Parse(parser.get(), &size_bytes), error_class::kFailedReadFile,
         what_ + " (rows that do not fit are filled up or cut with mode = PERMISSIVE, left out with DROPMALFORMED)");
  is_parsed_ = true;
  if (!runs_.empty()) {
    add_run(num_values, parser->total_num_rows() - found);
    return nullptr;
  }
  window_.Take(size_bytes);
  row_ += parser->total_num_rows();
  return parser;
}

std::unique_ptr<arrow::csv::BlockParser> CsvRows::ParseRun(Run run) {
  auto parser = std::make_unique<arrow::csv::BlockParser>(EnginePool(), options_, run.num_values, row_, run.num_rows);
  uint32_t size_bytes = 0;
  Unwrap(Parse(parser.get(), &size_bytes), error_class::kFailedReadFile, what_);
  window_.Take(size_bytes);
  row_ += run.num_rows;
  return parser;
}

arrow::Status CsvRows::Parse(arrow::csv::BlockParser* parser, uint32_t* size_bytes) const {
  return window_.is_at_end() ? parser->ParseFinal(window_.pending(), size_bytes)
                             : parser->Parse(window_.pending(), size_bytes);
}

void CsvRows::ReadMore() {
  if (window_.is_full()) {
    throw Error(error_class::kFailedReadFile, "cannot {}: row {} has more than {} bytes; is a quote left open?", what_,
                row_, TextWindow::kMaxRowBytes);
  }
  window_.ReadMore();
}

}  // namespace quell::storage
