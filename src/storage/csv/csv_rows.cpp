#include "storage/csv/csv_rows.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/arrow_result.h"
#include "base/error_classes.h"

namespace quell::storage {

namespace {

constexpr size_t kBlockBytes = size_t{1} << 20;
// A quote that nobody closes makes a row of all that follows.
constexpr size_t kMaxRowBytes = size_t{128} << 20;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

CsvRows::CsvRows(std::shared_ptr<arrow::io::InputStream> input, arrow::csv::ParseOptions options, std::string what)
    : input_(std::move(input)), options_(std::move(options)), what_(std::move(what)) {
  ReadMore();
  if (pending().starts_with(kByteOrderMark)) begin_ += kByteOrderMark.size();
  // Without a number of columns, a text that holds no whole row is an error to the parser.
  while (true) {
    arrow::csv::BlockParser parser(options_, -1, row_, 1);
    const arrow::Status parsed = Parse(&parser, &first_bytes_);
    if (parsed.ok()) {
      ReadFirst(parser);
      return;
    }
    if (is_at_end_ && pending().find_first_not_of("\r\n") == std::string_view::npos) return;
    if (is_at_end_) Unwrap(parsed, error_class::kFailedReadFile, what_);
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
  begin_ += std::exchange(first_bytes_, 0);
  ++row_;
}

std::unique_ptr<arrow::csv::BlockParser> CsvRows::Next() {
  while (!first_.empty()) {
    auto parser = std::make_unique<arrow::csv::BlockParser>(options_, static_cast<int32_t>(first_.size()), row_,
                                                            std::numeric_limits<int32_t>::max());
    uint32_t size_bytes = 0;
    Unwrap(Parse(parser.get(), &size_bytes), error_class::kFailedReadFile,
           what_ + " (rows that do not fit are left out with mode = DROPMALFORMED)");
    begin_ += size_bytes;
    row_ += parser->total_num_rows();
    if (parser->num_rows() > 0) return parser;
    if (is_at_end_) return nullptr;
    ReadMore();
  }
  return nullptr;
}

arrow::Status CsvRows::Parse(arrow::csv::BlockParser* parser, uint32_t* size_bytes) const {
  return is_at_end_ ? parser->ParseFinal(pending(), size_bytes) : parser->Parse(pending(), size_bytes);
}

void CsvRows::ReadMore() {
  text_.erase(0, std::exchange(begin_, 0));
  const size_t held = text_.size();
  if (held > kMaxRowBytes) {
    throw Error(error_class::kFailedReadFile, "cannot {}: row {} has more than {} bytes; is a quote left open?", what_,
                row_, kMaxRowBytes);
  }
  // As much again, so that a long row is not looked through too often.
  text_.resize(held + std::max(held, kBlockBytes));
  const int64_t got = Unwrap(input_->Read(static_cast<int64_t>(text_.size() - held), text_.data() + held),
                             error_class::kFailedReadFile, what_);
  text_.resize(held + static_cast<size_t>(got));
  is_at_end_ = got == 0;
}

}  // namespace quell::storage
