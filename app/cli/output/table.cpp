// A table for a terminal, as spark-shell's show() draws it.
#include <algorithm>

#include "base/escape_controls.h"
#include "data/hive_text.h"
#include "formats.h"

namespace quell::cli::output {
namespace {

// Rows that are measured for the widths; later ones that are wider push their line out.
constexpr size_t kMeasuredRows = 1000;

using Row = std::vector<std::string>;

// Columns that text takes on a terminal: its code points.
size_t Width(const std::string& text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

// The text of a plan, which has lines of its own.
class PlanOutput final : public Output {
 public:
  explicit PlanOutput(std::FILE* file) : file_(file) {}

  void Begin(const Schema&) override {}
  void Consume(const Batch& batch) override {
    const auto write = [&](size_t, const Value& value) { WriteText(file_, std::get<std::string>(value.data)); };
    ForEachCell(batch, write, [] {});
  }
  void Finish() override { std::fflush(file_); }

 private:
  std::FILE* file_;
};

class TableOutput final : public Output {
 public:
  TableOutput(const Settings& settings, std::FILE* file) : options_{settings.time_zone, "HEX_DISCRETE"}, file_(file) {}

  void Begin(const Schema& schema) override {
    schema_ = schema;
    for (const Field& field : schema_.fields()) names_.push_back(EscapeControls(field.name));
  }

  void Consume(const Batch& batch) override {
    Row row;
    ForEachCell(
        batch,
        [&](size_t i, const Value& value) {
          row.push_back(EscapeControls(HiveText(value, schema_.field(static_cast<int>(i)).type, options_)));
        },
        [&] {
          rows_.push_back(std::move(row));
          row.clear();
        });
    if (rows_.size() >= kMeasuredRows) Flush();
  }

  void Finish() override {
    if (schema_.num_fields() == 0) return;
    Flush();
    WriteText(file_, Rule());
    std::fflush(file_);
  }

 private:
  void Flush() {
    std::string text;
    if (widths_.empty()) {
      Measure();
      text += Rule() + Line(names_) + Rule();
    }
    for (const Row& row : rows_) text += Line(row);
    rows_.clear();
    WriteText(file_, text);
  }

  void Measure() {
    for (const std::string& name : names_) widths_.push_back(Width(name));
    for (const Row& row : rows_) {
      for (size_t i = 0; i < row.size(); ++i) widths_[i] = std::max(widths_[i], Width(row[i]));
    }
  }

  std::string Rule() const {
    std::string rule = "+";
    for (const size_t width : widths_) rule += std::string(width + 2, '-') + "+";
    return rule + "\n";
  }

  // Numbers stand to the right.
  std::string Line(const Row& row) const {
    std::string line = "|";
    for (size_t i = 0; i < row.size(); ++i) {
      const std::string padding(widths_[i] - std::min(widths_[i], Width(row[i])), ' ');
      const bool right = schema_.field(static_cast<int>(i)).type.is_numeric();
      line += right ? " " + padding + row[i] + " |" : " " + row[i] + padding + " |";
    }
    return line + "\n";
  }

  HiveTextOptions options_;
  std::FILE* file_;
  Schema schema_;
  Row names_;
  std::vector<Row> rows_;
  std::vector<size_t> widths_;
};

}  // namespace

std::unique_ptr<Output> MakeTableOutput(const Settings& settings, std::FILE* file) {
  if (settings.is_plan) return std::make_unique<PlanOutput>(file);
  return std::make_unique<TableOutput>(settings, file);
}

}  // namespace quell::cli::output
