#include "catalog/files/files_table.h"

#include <algorithm>

#include "base/error_classes.h"
#include "catalog/files/file_schema.h"
#include "catalog/files/glob.h"
#include "catalog/files/partition_path.h"
#include "catalog/files/prune_files.h"

namespace quell::catalog {
namespace {

struct FoundFile {
  storage::FileInfo info;
  std::vector<std::pair<std::string, std::optional<std::string>>> partitions;
};

// Names that begin with _ or . are not data, in any folder below the table; partition folders such as _day=1 are.
bool IsHidden(std::string_view relative_path) {
  size_t begin = 0;
  while (begin < relative_path.size()) {
    const size_t slash = std::min(relative_path.find('/', begin), relative_path.size());
    const std::string_view part = relative_path.substr(begin, slash - begin);
    const bool is_partition = slash < relative_path.size() && part.find('=') != std::string_view::npos;
    if (!part.empty() && (part[0] == '.' || (part[0] == '_' && !is_partition))) return true;
    begin = slash + 1;
  }
  return false;
}

std::string RelativeTo(const std::string& folder, const std::string& path) {
  const std::string prefix = folder.empty() || folder.ends_with('/') ? folder : folder + "/";
  return path.starts_with(prefix) ? path.substr(prefix.size()) : path;
}

std::vector<FoundFile> FindFiles(storage::FileSystem& files, const storage::Uri& location) {
  std::vector<FoundFile> found;
  if (!HasWildcard(location.path)) {
    if (std::optional<storage::FileInfo> one = files.Stat(location)) {
      found.push_back({*one, {}});
      return found;
    }
  }
  storage::Uri folder = location;
  if (HasWildcard(location.path)) folder.path = FolderBeforeWildcard(location.path);
  files.List(folder, {}, [&](const storage::FileInfo& info) {
    const std::string path = storage::Uri::Parse(info.path).path;
    const std::string relative = RelativeTo(folder.path, path);
    if (IsHidden(relative) || info.size_bytes == 0) return true;
    // A pattern names files, or folders whose files are meant.
    if (HasWildcard(location.path) && !MatchesGlob(path, location.path) &&
        !MatchesGlob(path.substr(0, path.rfind('/')), location.path)) {
      return true;
    }
    found.push_back({info, ParsePartitionPath(relative)});
    return true;
  });
  return found;
}

FileFormat FormatOf(const std::string& format) {
  if (format == "csv") return FileFormat::kCsv;
  if (format == "json") return FileFormat::kJson;
  return FileFormat::kParquet;
}

class FilesTable final : public Table {
 public:
  FilesTable(const TableName& name, const std::string& format, const storage::Uri& location,
             const storage::StorageContext& context)
      : name_(name.ToString()),
        location_(location.ToString()),
        format_name_(format),
        format_(FormatOf(format)),
        options_(name.options) {
    const storage::FileSystemPtr files = storage::MakeFileSystem(location, context);
    files_ = FindFiles(*files, location);
    if (files_.empty()) {
      throw Error(error_class::kPathNotFound, "no files at {}; check the path, or make the data first",
                  location.ToString());
    }
    std::vector<storage::FileInfo> infos;
    for (const FoundFile& found : files_) infos.push_back(found.info);
    std::vector<Field> fields = ReadFileSchema(*files, infos, format_, options_).fields();
    AddPartitionColumns(&fields);
    schema_ = Schema(std::move(fields));
  }

  const std::string& name() const override { return name_; }
  std::string location() const override { return location_; }
  const Schema& schema() const override { return schema_; }
  std::vector<std::string> partition_columns() const override { return partition_columns_; }
  FileFormat format() const override { return format_; }
  const std::map<std::string, std::string>& options() const override { return options_; }

  ScanFiles PlanScan(const ScanRequest& request) override {
    ScanFiles scan;
    for (const FoundFile& found : files_) {
      DataFile file;
      file.uri = storage::Uri::Parse(found.info.path);
      file.size_bytes = found.info.size_bytes;
      file.constants = ConstantsOf(found);
      if (MayHoldRows(request.filters, file.constants, nullptr)) {
        scan.files.push_back(std::move(file));
      } else {
        ++scan.files_pruned;
      }
    }
    return scan;
  }

  DescriptionRows Detail() override {
    const Type text(TypeId::kString), number(TypeId::kLong);
    return {
        Schema({{"format", text, false},
                {"name", text, false},
                {"numFiles", number, false},
                {"sizeInBytes", number, false}}),
        {{Value{format_name_}, Value{name_}, Value{static_cast<int64_t>(files_.size())}, Value{*EstimatedBytes()}}}};
  }

  DescriptionRows History() override {
    throw Error(error_class::kUnsupportedFeature, "{} has no history; only Delta tables do", name_);
  }

  std::optional<int64_t> EstimatedBytes() override {
    int64_t bytes = 0;
    for (const FoundFile& found : files_) bytes += found.info.size_bytes;
    return bytes;
  }

 private:
  // A column that is both in the files and in the folders' names is read from the names, as in Spark.
  void AddPartitionColumns(std::vector<Field>* fields) {
    for (const auto& [name, unused] : files_[0].partitions) {
      std::vector<std::optional<std::string>> values;
      for (const FoundFile& found : files_) {
        for (const auto& [other, value] : found.partitions) {
          if (other == name) values.push_back(value);
        }
      }
      std::erase_if(*fields, [&name = name](const Field& field) { return SameName(field.name, name); });
      partition_columns_.push_back(name);
      fields->push_back({name, InferPartitionType(values), true});
    }
  }

  std::map<int, Value> ConstantsOf(const FoundFile& found) const {
    std::map<int, Value> constants;
    const int first = schema_.num_fields() - static_cast<int>(partition_columns_.size());
    for (int i = first; i < schema_.num_fields(); ++i) {
      const auto it = std::find_if(found.partitions.begin(), found.partitions.end(),
                                   [&](const auto& part) { return part.first == schema_.field(i).name; });
      const auto text = it == found.partitions.end() ? std::nullopt : it->second;
      constants.emplace(i, ParsePartitionValue(text, schema_.field(i).type));
    }
    return constants;
  }

  std::string name_;
  std::string location_;
  std::string format_name_;
  FileFormat format_;
  std::map<std::string, std::string> options_;
  std::vector<FoundFile> files_;
  std::vector<std::string> partition_columns_;
  Schema schema_;
};

}  // namespace

TablePtr OpenFilesTable(const TableName& name, const std::string& format, const storage::Uri& location,
                        const storage::StorageContext& context) {
  return std::make_shared<FilesTable>(name, format, location, context);
}

}  // namespace quell::catalog
