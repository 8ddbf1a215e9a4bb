// Tab-separated text as spark-sql prints it, and CSV as RFC 4180 has it.
#include "data/hive_text.h"
#include "formats.h"

namespace quell::cli::output {
namespace {

class TsvOutput final : public Output {
 public:
  TsvOutput(const Settings& settings, std::FILE* file) : options_{settings.time_zone}, file_(file) {}

  void Begin(const Schema& schema) override {
    schema_ = schema;
    is_description_ = IsDescription(schema);
  }

  void Consume(const Batch& batch) override {
    std::string text;
    ForEachCell(
        batch,
        [&](size_t i, const Value& value) {
          if (i > 0) text += '\t';
          text +=
              is_description_ ? AlignedText(value) : HiveText(value, schema_.field(static_cast<int>(i)).type, options_);
        },
        [&] { text += '\n'; });
    WriteText(file_, text);
  }

  void Finish() override {}

 private:
  HiveTextOptions options_;
  std::FILE* file_;
  Schema schema_;
  bool is_description_ = false;
};

// Quotes a field where a reader would take it apart, or for nothing at all.
std::string QuoteCsv(const std::string& field) {
  if (!field.empty() && field.find_first_of(",\"\r\n") == std::string::npos) return field;
  std::string quoted = "\"";
  for (const char c : field) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

class CsvOutput final : public Output {
 public:
  CsvOutput(const Settings& settings, std::FILE* file) : options_{settings.time_zone}, file_(file) {}

  void Begin(const Schema& schema) override {
    schema_ = schema;
    if (schema.num_fields() == 0) return;
    std::string header;
    for (const Field& field : schema.fields()) header += (header.empty() ? "" : ",") + QuoteCsv(field.name);
    WriteText(file_, header + "\n");
  }

  // NULL is an empty field, an empty string is "".
  void Consume(const Batch& batch) override {
    std::string text;
    ForEachCell(
        batch,
        [&](size_t i, const Value& value) {
          if (i > 0) text += ',';
          if (!value.is_null()) text += QuoteCsv(HiveText(value, schema_.field(static_cast<int>(i)).type, options_));
        },
        [&] { text += '\n'; });
    WriteText(file_, text);
  }

  void Finish() override {}

 private:
  HiveTextOptions options_;
  std::FILE* file_;
  Schema schema_;
};

}  // namespace

std::unique_ptr<Output> MakeTsvOutput(const Settings& settings, std::FILE* file) {
  return std::make_unique<TsvOutput>(settings, file);
}

std::unique_ptr<Output> MakeCsvOutput(const Settings& settings, std::FILE* file) {
  return std::make_unique<CsvOutput>(settings, file);
}

}  // namespace quell::cli::output
