#include "storage/csv/csv_rows.h"

#include <limits>
#include <utility>

#include "base/arrow_result.h"
#include "base/error_classes.h"

namespace quell::storage {

namespace {

constexpr size_t kBlockBytes = size_t{1} << 20;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

CsvRows::CsvRows(std::shared_ptr<arrow::io::InputStream> input, arrow::csv::ParseOptions options, std::string what)
    : options_(std::move(options)), what_(std::move(what)), window_(std::move(input), kBlockBytes, what_) {
  ReadMore();
  if (window_.pending().starts_with(kByteOrderMark)) window_.Take(kByteOrderMark.size());
  // Without a number of columns, a text that holds no whole row is an error to the parser.
  while (true) {
    arrow::csv::BlockParser parser(options_, -1, row_, 1);
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
    if (is_parsed_) {
      if (window_.is_at_end()) return nullptr;
      ReadMore();
    }
    auto parser = std::make_unique<arrow::csv::BlockParser>(options_, static_cast<int32_t>(first_.size()), row_,
                                                            std::numeric_limits<int32_t>::max());
    uint32_t size_bytes = 0;
    Unwrap(Parse(parser.get(), &size_bytes), error_class::kFailedReadFile,
           what_ + " (rows that do not fit are left out with mode = DROPMALFORMED)");
    window_.Take(size_bytes);
    row_ += parser->total_num_rows();
    is_parsed_ = true;
    if (parser->num_rows() > 0) return parser;
  }
  return nullptr;
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
