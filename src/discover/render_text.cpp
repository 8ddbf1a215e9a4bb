#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/byte_size.h"
#include "base/counted.h"
#include "base/escape_controls.h"
#include "discover/render.h"

namespace quell::discover {

namespace {

using Row = std::vector<std::string>;

constexpr size_t kMaxValueWidth = 26;

// Characters of UTF-8 text, not bytes.
size_t Width(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
}

std::string Shorten(const std::string& text) {
  if (Width(text) <= kMaxValueWidth) return text;
  size_t end = 0;
  for (size_t shown = 0; end < text.size(); ++end) {
    const bool begins = (static_cast<unsigned char>(text[end]) & 0xc0) != 0x80;
    if (begins && shown++ == kMaxValueWidth - 1) break;
  }
  return text.substr(0, end) + "…";
}

// What others have named and written, a line of it.
template <typename... Args>
std::string Line(fmt::format_string<Args...> format, Args&&... args) {
  return EscapeControls(fmt::format(format, std::forward<Args>(args)...)) + "\n";
}

// Columns that begin with '>' are set flush right.
std::string RenderTable(const Row& header, std::vector<Row> rows) {
  for (Row& row : rows) std::ranges::transform(row, row.begin(), EscapeControls);
  std::vector<size_t> widths;
  for (const std::string& name : header) widths.push_back(Width(name) - (name[0] == '>'));
  for (const Row& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], Width(row[i]));
  }
  std::string text;
  const auto add = [&](const Row& row, bool is_header) {
    std::string line = " ";
    for (size_t i = 0; i < row.size(); ++i) {
      const bool flush_right = header[i][0] == '>';
      const std::string cell = is_header && flush_right ? row[i].substr(1) : row[i];
      const std::string space(widths[i] - Width(cell), ' ');
      line += " " + (flush_right ? space + cell : cell + space) + " ";
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  };
  add(header, true);
  for (const Row& row : rows) add(row, false);
  return text;
}

template <typename Strings>
std::string Join(const Strings& strings) {
  return fmt::format("{}", fmt::join(strings, ", "));
}

std::string RenderSummary(const Discovery& discovery) {
  std::vector<std::string> codecs;
  for (const auto& [name, bytes] : discovery.codecs) codecs.push_back(name);
  std::string text = Line("{}", discovery.uri);
  text += Line("  {}, {}, {}, {}, compressed by {}", Counted(discovery.num_files, "file"),
               FormatByteSize(discovery.num_bytes), Counted(discovery.num_rows, "row"),
               Counted(discovery.num_row_groups, "row group"), codecs.empty() ? "nothing" : Join(codecs));
  for (const auto& [writer, files] : discovery.writers) {
    text += Line("  {} written by {}", Counted(files, "file"), writer.empty() ? "an unknown program" : writer);
  }
  if (!discovery.delta) return text;
  const DeltaSummary& delta = *discovery.delta;
  text += Line("  Delta table, version {}, protocol ({}, {}){}{}", delta.version, delta.min_reader_version,
               delta.min_writer_version, delta.features.empty() ? "" : " with ", Join(delta.features));
  if (!delta.partition_columns.empty()) text += Line("  partitioned by {}", Join(delta.partition_columns));
  for (const auto& [key, value] : delta.properties) text += Line("  {} = {}", key, value);
  if (delta.other_files > 0) text += Line("  {} of other versions", Counted(delta.other_files, "file"));
  return text;
}

std::string RenderColumns(const Discovery& discovery) {
  std::vector<Row> rows;
  for (const ColumnSummary& column : discovery.columns) {
    const auto format = [&](const std::optional<Value>& value) {
      return value ? Shorten(FormatValue(*value, column.type)) : std::string("-");
    };
    const double ratio = column.compressed_bytes == 0 ? 1
                                                      : static_cast<double>(column.uncompressed_bytes) /
                                                            static_cast<double>(column.compressed_bytes);
    const std::string type = column.types.size() > 1 ? Join(column.types) : column.type.ToSql();
    rows.push_back({column.name, type + (column.nullable ? "" : " NOT NULL"),
                    column.null_count ? GroupDigits(*column.null_count) : "-", format(column.min), format(column.max),
                    FormatByteSize(column.compressed_bytes), fmt::format("{:.2f}", ratio), Join(column.encodings)});
  }
  return "\n" + RenderTable({"column", "type", ">nulls", "min", "max", ">size", ">ratio", "encodings"}, rows);
}

std::string RenderFindings(const Discovery& discovery) {
  std::string text;
  if (!discovery.partitions.empty()) {
    std::vector<Row> rows;
    for (const PartitionSummary& partition : discovery.partitions) {
      rows.push_back({partition.name, partition.type.ToSql(), GroupDigits(partition.num_values),
                      fmt::format("{}", fmt::join(partition.examples, " to "))});
    }
    text += "\n" + RenderTable({"partition", "type", ">values", "range"}, rows);
  }
  for (const Drift& drift : discovery.drift) {
    text += "\n" +
            Line("  {} with other columns: {}", Counted(drift.num_files, "file"), fmt::join(drift.differences, "; "));
    for (const std::string& path : drift.paths) text += Line("    {}", path);
  }
  if (discovery.num_problems > 0) {
    text += "\n" + Line("  {}", Counted(discovery.num_problems, "problem"));
    for (const Problem& problem : discovery.problems) {
      text += Line("    {}: {}", ToString(problem.kind), problem.message);
    }
  }
  return text;
}

}  // namespace

std::string RenderText(const Discovery& discovery) {
  std::string text = RenderSummary(discovery);
  if (!discovery.columns.empty()) text += RenderColumns(discovery);
  text += RenderFindings(discovery);
  text += discovery.is_doubtful() ? "\nintegrity: in doubt\n" : "\nintegrity: sound\n";
  return text;
}

}  // namespace quell::discover
