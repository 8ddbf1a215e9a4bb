#include "discover/footer_summary.h"

#include <algorithm>

#include <arrow/util/compression.h>
#include <parquet/schema.h>

#include "storage/parquet/leaf_type.h"

namespace quell::discover {

namespace {

constexpr size_t kMaxPaths = 20;

// Keeps the smaller (sign -1) or larger (sign 1) of two bounds.
void Widen(std::optional<Value>* bound, const Value& other, int sign) {
  if (!*bound || CompareValues(other, **bound) * sign > 0) *bound = other;
}

std::string TextOf(const Schema& schema) {
  std::string text;
  for (const Field& field : schema.fields()) {
    text += field.name + " " + field.type.ToSql() + (field.nullable ? "\n" : " NOT NULL\n");
  }
  return text;
}

}  // namespace

void FooterSummary::AddLeaf(const storage::ParquetFile& file, int leaf) {
  const parquet::ColumnDescriptor& column = *file.metadata()->schema()->Column(leaf);
  const std::string name = column.path()->ToDotString();
  const Type type = storage::LeafType::Of(column).type;
  auto& by_type = leaves_[name];
  if (by_type.empty()) leaf_order_.push_back(name);
  LeafOfType& entry = by_type[type.ToSql()];
  entry.type = type;
  ColumnSummary& summary = entry.summary;
  ++summary.num_files;
  summary.nullable |= column.max_definition_level() > 0;
  for (int i = 0; i < file.num_row_groups(); ++i) {
    const auto row_group = file.metadata()->RowGroup(i);
    const auto chunk = row_group->ColumnChunk(leaf);
    summary.compressed_bytes += chunk->total_compressed_size();
    summary.uncompressed_bytes += chunk->total_uncompressed_size();
    codecs_[arrow::util::Codec::GetCodecAsString(chunk->compression())] += chunk->total_compressed_size();
    for (const parquet::Encoding::type encoding : chunk->encodings()) {
      summary.encodings.insert(parquet::EncodingToString(encoding));
    }
    const storage::ColumnRange range = file.Range(i, leaf);
    if (range.null_count) {
      summary.null_count = summary.null_count.value_or(0) + *range.null_count;
    } else if (column.max_definition_level() == 0) {
      summary.null_count = summary.null_count.value_or(0);
    } else {
      entry.null_count_known = false;
    }
    if (range.min && range.max) {
      Widen(&summary.min, *range.min, -1);
      Widen(&summary.max, *range.max, 1);
    } else if (!range.null_count || *range.null_count < row_group->num_rows()) {
      entry.bounds_known = false;
    }
  }
}

void FooterSummary::Add(const storage::ParquetFile& file) {
  num_rows_ += file.num_rows();
  num_row_groups_ += file.num_row_groups();
  ++writers_[file.metadata()->created_by()];
  for (int leaf = 0; leaf < file.metadata()->num_columns(); ++leaf) AddLeaf(file, leaf);
  FilesOfSchema& same = schemas_[TextOf(file.schema())];
  same.schema = file.schema();
  ++same.num_files;
  // The first by name, in whatever order footers come.
  same.paths.insert(std::lower_bound(same.paths.begin(), same.paths.end(), file.path()), file.path());
  if (same.paths.size() > kMaxPaths) same.paths.pop_back();
}

const FooterSummary::FilesOfSchema* FooterSummary::MostCommon() const {
  const FilesOfSchema* most = nullptr;
  for (const auto& [text, files] : schemas_) {
    if (!most || files.num_files > most->num_files) most = &files;
  }
  return most;
}

Drift CompareSchemas(const Schema& reference, const Schema& other) {
  Drift drift;
  for (const Field& field : reference.fields()) {
    const auto position = other.IndexOf(field.name);
    if (!position) {
      drift.differences.push_back(fmt::format("column {}: missing", field.name));
      continue;
    }
    const Field& found = other.field(*position);
    if (found.type != field.type) {
      drift.changes_type = true;
      drift.differences.push_back(
          fmt::format("column {}: {} instead of {}", field.name, found.type.ToSql(), field.type.ToSql()));
    } else if (found.nullable != field.nullable) {
      drift.differences.push_back(
          fmt::format("column {}: {}", field.name, found.nullable ? "nullable" : "not nullable"));
    }
  }
  for (const Field& field : other.fields()) {
    if (!reference.IndexOf(field.name)) {
      drift.differences.push_back(fmt::format("column {} {}: added", field.name, field.type.ToSql()));
    }
  }
  if (drift.differences.empty()) drift.differences.push_back("columns in another order");
  return drift;
}

void FooterSummary::FinishTo(Discovery* discovery) const {
  discovery->num_rows = num_rows_;
  discovery->num_row_groups = num_row_groups_;
  discovery->codecs = codecs_;
  discovery->writers = writers_;
  const FilesOfSchema* most = MostCommon();
  if (!most) return;
  std::vector<Field> fields = most->schema.fields();
  for (const auto& [text, files] : schemas_) {
    for (const Field& field : files.schema.fields()) {
      const auto same =
          std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return SameName(f.name, field.name); });
      if (same == fields.end()) {
        fields.push_back({field.name, field.type, true});
      } else {
        same->nullable |= field.nullable;
      }
    }
    for (Field& field : fields) field.nullable |= !files.schema.IndexOf(field.name);
    if (&files == most) continue;
    Drift drift = CompareSchemas(most->schema, files.schema);
    drift.num_files = files.num_files;
    drift.paths = files.paths;
    discovery->drift.push_back(std::move(drift));
  }
  discovery->schema = Schema(std::move(fields));
  for (const std::string& name : leaf_order_) {
    const auto& by_type = leaves_.at(name);
    const auto main = std::max_element(by_type.begin(), by_type.end(), [](const auto& a, const auto& b) {
      return a.second.summary.num_files < b.second.summary.num_files;
    });
    ColumnSummary summary = main->second.summary;
    summary.name = name;
    summary.type = main->second.type;
    bool bounds_known = by_type.size() == 1 && main->second.bounds_known;
    if (!main->second.null_count_known) summary.null_count.reset();
    for (auto it = by_type.begin(); it != by_type.end(); ++it) {
      summary.types.insert(it->first);
      if (it == main) continue;
      summary.num_files += it->second.summary.num_files;
      summary.compressed_bytes += it->second.summary.compressed_bytes;
      summary.uncompressed_bytes += it->second.summary.uncompressed_bytes;
      summary.encodings.insert(it->second.summary.encodings.begin(), it->second.summary.encodings.end());
      const auto& other_nulls = it->second.summary.null_count;
      if (summary.null_count && other_nulls && it->second.null_count_known) {
        *summary.null_count += *other_nulls;
      } else {
        summary.null_count.reset();
      }
    }
    if (!bounds_known) summary.min = summary.max = std::nullopt;
    discovery->columns.push_back(std::move(summary));
  }
}

}  // namespace quell::discover
