#include "storage/csv/csv_file.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <arrow/array/array_base.h>
#include <arrow/csv/converter.h>
#include <arrow/csv/options.h>

#include "base/arrow_result.h"
#include "base/error_classes.h"
#include "base/memory_pool.h"
#include "data/buffers.h"
#include "expression/datetime_text.h"
#include "expression/evaluator.h"
#include "storage/csv/csv_rows.h"
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

// Spark ends a row at the break all the same where the option is false, and takes the value apart.
void RefuseBrokenValues(const TextOptions& options) {
  if (TextFlag(options, "multiLine", true)) return;
  throw Error(error_class::kUnsupportedFeature,
              "option multiLine = false is not known: line breaks in quotes belong to their value; leave it out");
}

arrow::csv::ParseOptions ParseOptionsOf(const TextOptions& options) {
  auto parse = arrow::csv::ParseOptions::Defaults();
  parse.delimiter = Character(options, "sep", TextOption(options, "delimiter", ","));
  parse.quote_char = Character(options, "quote", "\"");
  parse.escape_char = Character(options, "escape", "\\");
  parse.escaping = parse.escape_char != parse.quote_char;
  parse.double_quote = true;
  RefuseBrokenValues(options);
  return parse;
}

CsvRows OpenRows(FileSystem& files, const Uri& uri, const TextOptions& options) {
  const std::string mode = ModeOf(options);
  const RaggedRows ragged = mode == "PERMISSIVE"      ? RaggedRows::kKeep
                            : mode == "DROPMALFORMED" ? RaggedRows::kDrop
                                                      : RaggedRows::kRefuse;
  return CsvRows(OpenTextInput(files, uri), ParseOptionsOf(options), ragged, "read CSV file " + uri.ToString());
}

// Makes columns of text of parsed rows.
class TextColumns {
 public:
  explicit TextColumns(const TextOptions& options) : options_(arrow::csv::ConvertOptions::Defaults()) {
    options_.strings_can_be_null = true;
    options_.quoted_strings_can_be_null = false;
    options_.check_utf8 = false;
    options_.null_values = {"", TextOption(options, "nullValue", "")};
    converter_ = Unwrap(arrow::csv::Converter::Make(arrow::utf8(), options_, EnginePool()), error_class::kInternalError,
                        "make a converter of CSV");
  }
  TextColumns(const TextColumns&) = delete;
  TextColumns& operator=(const TextColumns&) = delete;

  Column Of(const arrow::csv::BlockParser& rows, int column) const {
    const auto array = Unwrap(converter_->Convert(rows, column), error_class::kOutOfMemory, "make a column of text");
    return Column{Type(TypeId::kString), Encoding::kFlat, array->data()};
  }

 private:
  arrow::csv::ConvertOptions options_;  // which the converter refers to
  std::shared_ptr<arrow::csv::Converter> converter_;
};

std::vector<std::string> NamesOf(const CsvRows& rows, bool has_header) {
  std::vector<std::string> names;
  for (const std::string& value : rows.first()) {
    names.push_back(has_header && !value.empty() ? value : "_c" + std::to_string(names.size()));
  }
  return names;
}

void AddTypes(const arrow::csv::BlockParser& rows, const TextColumns& texts, std::vector<TextTypeInference>* types) {
  const size_t num_columns = std::min(types->size(), static_cast<size_t>(rows.num_cols()));
  for (size_t i = 0; i < num_columns; ++i) {
    if ((*types)[i].is_final()) continue;
    const Column column = texts.Of(rows, static_cast<int>(i));
    const StringReader values(column);
    const uint8_t* validity = column.validity();
    for (int64_t row = 0; row < column.length(); ++row) {
      if (!validity || GetBit(validity, row)) (*types)[i].Add(TrimSpace(values[row]));
    }
  }
}

class CsvReader final : public BatchReader {
 public:
  CsvReader(CsvRows rows, const Schema& schema, std::vector<int> columns, const TextOptions& options)
      : rows_(std::move(rows)), texts_(options), columns_(std::move(columns)) {
    if (TextFlag(options, "header", false)) rows_.SkipFirst();
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
    if (position_ == block_.num_rows && !NextBlock()) return std::nullopt;
    Batch result;
    result.num_rows = std::min(kBatchRows, block_.num_rows - position_);
    for (size_t i = 0; i < columns_.size(); ++i) {
      const Batch text{{Slice(block_.columns[i], position_, result.num_rows)}, result.num_rows, nullptr};
      result.columns.push_back(casts_[i].Evaluate(text));
    }
    position_ += result.num_rows;
    return result;
  }

  int64_t memory_bytes() const override { return rows_.memory_bytes() + block_bytes_; }

 private:
  bool NextBlock() {
    block_ = {};
    block_bytes_ = position_ = 0;
    const auto rows = rows_.Next();
    if (!rows) return false;
    block_.num_rows = rows->num_rows();
    for (const int column : columns_) {
      // A file may have fewer columns than the first one of its folder, and a row fewer than the first one of its file.
      const bool is_there = column < rows->num_cols();
      block_.columns.push_back(is_there ? texts_.Of(*rows, column) : MakeConstant(Type(TypeId::kString), Value{}));
    }
    block_bytes_ = block_.memory_bytes();
    return true;
  }

  CsvRows rows_;
  const TextColumns texts_;
  const std::vector<int> columns_;
  std::vector<Evaluator> casts_;
  Batch block_;  // the wanted columns as text
  int64_t block_bytes_ = 0;
  int64_t position_ = 0;
};

}  // namespace

Schema InferCsvSchema(FileSystem& files, const std::vector<Uri>& uris, const TextOptions& options) {
  const bool has_header = TextFlag(options, "header", false);
  const bool infers_types = TextFlag(options, "inferSchema", true);
  std::vector<std::string> names;
  std::vector<TextTypeInference> types;
  const TextColumns texts(options);
  for (const Uri& uri : uris) {
    CsvRows rows = OpenRows(files, uri, options);
    if (rows.first().empty()) continue;
    if (names.empty()) names = NamesOf(rows, has_header);
    types.resize(names.size());
    if (!infers_types) break;
    if (has_header) rows.SkipFirst();
    while (const auto block = rows.Next()) AddTypes(*block, texts, &types);
  }
  std::vector<Field> fields;
  for (size_t i = 0; i < names.size(); ++i) fields.push_back({names[i], types[i].Finish(), true});
  return Schema(std::move(fields));
}

std::unique_ptr<BatchReader> OpenCsv(FileSystem& files, const Uri& uri, const Schema& schema, std::vector<int> columns,
                                     const TextOptions& options) {
  return std::make_unique<CsvReader>(OpenRows(files, uri, options), schema, std::move(columns), options);
}

}  // namespace quell::storage
