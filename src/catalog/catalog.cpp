#include "catalog/catalog.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "base/error_classes.h"
#include "catalog/delta/delta_table.h"
#include "catalog/files/files_table.h"
#include "delta/schema/constraints.h"

namespace quell::catalog {
namespace {

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

bool IsPlainName(const std::string& part) {
  return !part.empty() &&
         std::all_of(part.begin(), part.end(), [](unsigned char c) { return std::isalnum(c) || c == '_'; });
}

// Where a table is and what it is made of.
struct Resolved {
  std::string format;
  storage::Uri folder;
  bool is_path;
};

Resolved Resolve(const TableName& name, const CatalogOptions& options) {
  if (const auto format = name.path_format()) return {*format, storage::Uri::Parse(name.parts[1]), true};
  if (name.parts.size() == 2) {
    const std::string format = Lower(name.parts[0]);
    if (format == "orc" || format == "avro" || format == "text") {
      throw Error(error_class::kUnsupportedFeature,
                  "files in format {} cannot be read; use delta, parquet, csv or json", format);
    }
  }
  storage::Uri folder = storage::Uri::Parse(options.warehouse);
  for (const std::string& part : name.parts) {
    if (part != "default" && part != "spark_catalog") folder = folder.Child(Lower(part));
  }
  return {options.default_format, folder, false};
}

// What decides which version of which table is meant: two names of one folder are one table.
std::string KeyOf(const Resolved& resolved, const TableName& name) {
  std::string key = resolved.format + '\n' + resolved.folder.ToString();
  if (resolved.folder.scheme == "file") {
    std::error_code error;
    const auto path = std::filesystem::weakly_canonical(resolved.folder.path, error);
    if (!error) key = resolved.format + '\n' + path.string();
  }
  if (name.version) key += fmt::format("\nversion {}", *name.version);
  if (name.timestamp_us) key += fmt::format("\ntimestamp {}", *name.timestamp_us);
  for (const auto& [option, value] : name.options) key += fmt::format("\n{}={}", option, value);
  return key;
}

}  // namespace

std::optional<std::string> TableName::path_format() const {
  if (parts.size() != 2) return std::nullopt;
  for (const char* format : {"delta", "parquet", "csv", "json"}) {
    if (SameName(parts[0], format)) return format;
  }
  return std::nullopt;
}

std::string TableName::ToString() const {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += '.';
    text += IsPlainName(part) ? part : "`" + part + "`";
  }
  if (version) text += " VERSION AS OF " + std::to_string(*version);
  return text;
}

Catalog::Catalog(CatalogOptions options) : options_(std::move(options)) {}

TablePtr Catalog::Find(const TableName& name) {
  const Resolved resolved = Resolve(name, options_);
  const bool is_delta = resolved.format == "delta";
  if (!is_delta && (name.version || name.timestamp_us)) {
    throw Error(error_class::kUnsupportedFeature, "{} has no versions; time travel needs a Delta table",
                name.ToString());
  }
  TablePtr& table = tables_[KeyOf(resolved, name)];
  if (table) return table;
  table = is_delta ? OpenDeltaTable(name, resolved.folder, options_.storage)
                   : OpenFilesTable(name, resolved.format, resolved.folder, options_.storage);
  return table;
}

std::unique_ptr<TableWrite> Catalog::BeginWrite(const WriteRequest& request) {
  const Resolved resolved = Resolve(request.table, options_);
  if (resolved.format != "delta") {
    throw Error(error_class::kUnsupportedFeature, "cannot write to {}; write to delta.`{}` instead",
                request.table.ToString(), resolved.folder.ToString());
  }
  return BeginDeltaWrite(request, resolved.folder, options_.storage, SnapshotOf(Find(request.table)));
}

std::vector<Constraint> Catalog::ConstraintsOf(const WriteRequest& request) const {
  if (Resolve(request.table, options_).format != "delta") return {};
  return delta::ConstraintsOf(request.properties, request.schema.fields());
}

void Catalog::Drop(const TableName& name, bool if_exists) {
  const Resolved resolved = Resolve(name, options_);
  if (resolved.is_path) {
    throw Error(error_class::kUnsupportedFeature,
                "{} is a path, which DROP TABLE leaves alone; delete the files instead", name.ToString());
  }
  const storage::FileSystemPtr files = storage::MakeFileSystem(resolved.folder, options_.storage);
  std::vector<storage::Uri> found;
  files->List(resolved.folder, {}, [&](const storage::FileInfo& info) {
    found.push_back(storage::Uri::Parse(info.path));
    return true;
  });
  if (found.empty() && !if_exists) {
    throw Error(error_class::kTableOrViewNotFound, "table not found: {}; check the name, or use DROP TABLE IF EXISTS",
                name.ToString());
  }
  // The log goes last, so that a drop that was interrupted leaves a table that can be dropped again.
  std::stable_partition(found.begin(), found.end(),
                        [](const storage::Uri& uri) { return uri.path.find("/_delta_log/") == std::string::npos; });
  files->Delete(found);
}

}  // namespace quell::catalog
