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

// Whether this is what EXPLAIN returns: one text of many lines.
bool IsPlan(const Schema& schema, const Batch& batch) {
  if (schema.num_fields() != 1 || schema.field(0).name != "plan" || schema.field(0).type.id() != TypeId::kString) {
    return false;
  }
  if (batch.num_selected() != 1) return false;
  const Value value = ValueAt(batch.columns[0], batch.selection ? (*batch.selection)[0] : 0);
  const auto* text = std::get_if<std::string>(&value.data);
  return text != nullptr && text->ends_with('\n');
}

class TableOutput final : public Output {
 public:
  TableOutput(const Settings& settings, std::FILE* file) : options_{settings.time_zone, "HEX_DISCRETE"}, file_(file) {}

  void Begin(const Schema& schema) override { schema_ = schema; }

  void Consume(const Batch& batch) override {
    if (IsPlan(schema_, batch)) return WritePlan(batch);
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
    if (schema_.num_fields() == 0 || is_plan_) return;
    Flush();
    WriteText(file_, Rule());
    std::fflush(file_);
  }

 private:
  // A plan has lines of its own, which a frame would only make harder to read.
  void WritePlan(const Batch& batch) {
    is_plan_ = true;
    ForEachCell(batch, [&](size_t, const Value& value) { WriteText(file_, std::get<std::string>(value.data)); }, [] {});
    std::fflush(file_);
  }

  void Flush() {
    std::string text;
    if (widths_.empty()) {
      Measure();
      Row names;
      for (const Field& field : schema_.fields()) names.push_back(field.name);
      text += Rule() + Line(names) + Rule();
    }
    for (const Row& row : rows_) text += Line(row);
    rows_.clear();
    WriteText(file_, text);
  }

  void Measure() {
    for (const Field& field : schema_.fields()) widths_.push_back(Width(field.name));
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
  std::vector<Row> rows_;
  std::vector<size_t> widths_;
  bool is_plan_ = false;
};

}  // namespace

std::unique_ptr<Output> MakeTableOutput(const Settings& settings, std::FILE* file) {
  return std::make_unique<TableOutput>(settings, file);
}

}  // namespace quell::cli::output
