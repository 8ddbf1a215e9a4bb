#include "storage/csv/csv_file.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <arrow/array/array_binary.h>
#include <arrow/csv/options.h>
#include <arrow/csv/reader.h>
#include <arrow/record_batch.h>

#include "base/arrow_result.h"
#include "base/error_classes.h"
#include "expression/datetime_text.h"
#include "expression/evaluator.h"
#include "storage/csv/infer_type.h"
#include "storage/text/text_input.h"

namespace quell::storage {

namespace {

char Character(const TextOptions& options, std::string_view name, std::string otherwise) {
  const std::string text = TextOption(options, name, std::move(otherwise));
  if (text == "\\t" || text == "\t") return '\t';
  if (text.size() == 1) return text[0];
  throw Error(error_class::kInvalidParameterValue, "option {} is '{}'; it must be one character", name, text);
}

std::string ModeOf(const TextOptions& options) {
  const std::string mode = TextOption(options, "mode", "PERMISSIVE");
  for (const char* known : {"PERMISSIVE", "DROPMALFORMED", "FAILFAST"}) {
    if (SameName(mode, known)) return known;
  }
  throw Error(error_class::kInvalidParameterValue, "option mode is '{}'; use PERMISSIVE, DROPMALFORMED or FAILFAST",
              mode);
}

arrow::csv::ParseOptions ParseOptionsOf(const TextOptions& options) {
  auto parse = arrow::csv::ParseOptions::Defaults();
  parse.delimiter = Character(options, "sep", TextOption(options, "delimiter", ","));
  parse.quote_char = Character(options, "quote", "\"");
  parse.escape_char = Character(options, "escape", "\\");
  parse.escaping = parse.escape_char != parse.quote_char;
  parse.double_quote = true;
  parse.newlines_in_values = TextFlag(options, "multiLine", false);
  if (ModeOf(options) == "DROPMALFORMED") {
    parse.invalid_row_handler = [](const arrow::csv::InvalidRow&) { return arrow::csv::InvalidRowResult::Skip; };
  }
  return parse;
}

// Opens the file with all columns as text. nullptr for a file without rows and names.
std::shared_ptr<arrow::csv::StreamingReader> OpenAsText(FileSystem& files, const Uri& uri, const TextOptions& options) {
  auto read = arrow::csv::ReadOptions::Defaults();
  read.use_threads = false;
  read.autogenerate_column_names = !TextFlag(options, "header", false);
  auto convert = arrow::csv::ConvertOptions::Defaults();
  convert.default_column_type = arrow::utf8();
  convert.strings_can_be_null = true;
  convert.quoted_strings_can_be_null = false;
  convert.check_utf8 = false;
  convert.null_values = {"", TextOption(options, "nullValue", "")};
  auto reader = arrow::csv::StreamingReader::Make(arrow::io::default_io_context(), OpenTextInput(files, uri), read,
                                                  ParseOptionsOf(options), convert);
  // Arrow has no schema for a file of no bytes.
  if (reader.status().IsInvalid() && reader.status().message().find("Empty CSV file") != std::string::npos)
    return nullptr;
  return Unwrap(std::move(reader), error_class::kFailedReadFile, "read CSV file " + uri.ToString());
}

std::shared_ptr<arrow::RecordBatch> ReadNext(arrow::csv::StreamingReader& reader, const std::string& path) {
  std::shared_ptr<arrow::RecordBatch> batch;
  Unwrap(reader.ReadNext(&batch), error_class::kFailedReadFile,
         "read CSV file " + path + " (rows that do not fit are left out with mode = DROPMALFORMED)");
  return batch;
}

std::vector<std::string> NamesOf(const arrow::Schema& schema, bool has_header) {
  std::vector<std::string> names;
  for (const auto& field : schema.fields()) {
    const bool is_named = has_header && !field->name().empty();
    names.push_back(is_named ? field->name() : "_c" + std::to_string(names.size()));
  }
  return names;
}

void AddTypes(const arrow::RecordBatch& batch, std::vector<TextTypeInference>* types) {
  const size_t num_columns = std::min(types->size(), static_cast<size_t>(batch.num_columns()));
  for (size_t i = 0; i < num_columns; ++i) {
    const auto& column = static_cast<const arrow::StringArray&>(*batch.column(static_cast<int>(i)));
    for (int64_t row = 0; row < column.length(); ++row) {
      if (column.IsValid(row)) (*types)[i].Add(TrimSpace(column.GetView(row)));
    }
  }
}

class CsvReader final : public BatchReader {
 public:
  CsvReader(std::shared_ptr<arrow::csv::StreamingReader> reader, std::string path, const Schema& schema,
            std::vector<int> columns, const TextOptions& options)
      : reader_(std::move(reader)), path_(std::move(path)), columns_(std::move(columns)) {
    const Type text(TypeId::kString);
    const CastMode mode = ModeOf(options) == "FAILFAST" ? CastMode::kAnsi : CastMode::kTry;
    const std::string zone = TextOption(options, "timeZone", "UTC");
    for (const int column : columns_) {
      const Type& type = schema.field(column).type;
      auto input = std::make_shared<InputRef>(0, text, true);
      casts_.emplace_back(type == text ? ExprPtr(input) : std::make_shared<Cast>(input, type, mode, zone));
    }
  }

  std::optional<Batch> Next() override {
    while (!batch_ || position_ == batch_->num_rows()) {
      if (reader_) batch_ = ReadNext(*reader_, path_);
      position_ = 0;
      if (!batch_ || !reader_) return std::nullopt;
    }
    Batch result;
    result.num_rows = std::min(kBatchRows, batch_->num_rows() - position_);
    for (size_t i = 0; i < columns_.size(); ++i) {
      Batch text;
      text.num_rows = result.num_rows;
      text.columns = {TextColumn(columns_[i], result.num_rows)};
      result.columns.push_back(casts_[i].Evaluate(text));
    }
    position_ += result.num_rows;
    return result;
  }

 private:
  // A file may have fewer columns than the first one of its folder.
  Column TextColumn(int column, int64_t num_rows) const {
    const Type text(TypeId::kString);
    if (column >= batch_->num_columns()) return MakeConstant(text, Value{});
    return Column{text, Encoding::kFlat, batch_->column_data(column)->Slice(position_, num_rows)};
  }

  const std::shared_ptr<arrow::csv::StreamingReader> reader_;
  const std::string path_;
  const std::vector<int> columns_;
  std::vector<Evaluator> casts_;
  std::shared_ptr<arrow::RecordBatch> batch_;
  int64_t position_ = 0;
};

}  // namespace

Schema InferCsvSchema(FileSystem& files, const std::vector<Uri>& uris, const TextOptions& options) {
  const bool has_header = TextFlag(options, "header", false);
  const bool infers_types = TextFlag(options, "inferSchema", true);
  std::vector<std::string> names;
  std::vector<TextTypeInference> types;
  for (const Uri& uri : uris) {
    const auto reader = OpenAsText(files, uri, options);
    if (!reader) continue;
    if (names.empty()) names = NamesOf(*reader->schema(), has_header);
    types.resize(names.size());
    if (!infers_types) break;
    while (const auto batch = ReadNext(*reader, uri.ToString())) AddTypes(*batch, &types);
  }
  std::vector<Field> fields;
  for (size_t i = 0; i < names.size(); ++i) fields.push_back({names[i], types[i].Finish(), true});
  return Schema(std::move(fields));
}

std::unique_ptr<BatchReader> OpenCsv(FileSystem& files, const Uri& uri, const Schema& schema, std::vector<int> columns,
                                     const TextOptions& options) {
  return std::make_unique<CsvReader>(OpenAsText(files, uri, options), uri.ToString(), schema, std::move(columns),
                                     options);
}

}  // namespace quell::storage
