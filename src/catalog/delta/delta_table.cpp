#include "catalog/delta/delta_table.h"

#include "base/error_classes.h"
#include "catalog/files/prune_files.h"
#include "delta/deletion_vector/deletion_vector.h"
#include "delta/schema/scalar_text.h"
#include "delta/snapshot/snapshot.h"
#include "delta/snapshot/time_travel.h"
#include "delta/spec/path.h"
#include "delta/stats/statistics.h"

namespace quell::catalog {
namespace {

delta::VersionSpec VersionOf(const TableName& name) {
  if (name.version) return delta::AtVersion{*name.version};
  if (name.timestamp_us) return delta::AtTimestamp{*name.timestamp_us};
  return delta::LatestVersion{};
}

Value TextOrNull(const std::optional<std::string>& text) { return text ? Value{*text} : Value{}; }

class DeltaTable final : public Table {
 public:
  DeltaTable(const TableName& name, delta::SnapshotPtr snapshot)
      : name_(name.ToString()),
        options_(name.options),
        snapshot_(std::move(snapshot)),
        statistics_columns_(
            delta::StatisticsColumns(snapshot_->metadata(), snapshot_->schema(), snapshot_->physical_schema())) {
    for (const std::string& partition : snapshot_->partition_columns()) {
      if (const std::optional<int> index = schema().IndexOf(partition)) partition_indexes_.push_back(*index);
    }
  }

  const std::string& name() const override { return name_; }
  std::string location() const override { return snapshot_->table().ToString(); }
  const Schema& schema() const override { return snapshot_->schema(); }
  const Schema& physical_schema() const override { return snapshot_->physical_schema(); }
  std::vector<std::string> partition_columns() const override { return snapshot_->partition_columns(); }
  const std::map<std::string, std::string>& options() const override { return options_; }
  bool files_may_lack_columns() const override { return true; }

  ScanFiles PlanScan(const ScanRequest& request) override {
    ScanFiles scan;
    snapshot_->VisitFiles([&](delta::AddFile&& add) {
      DataFile file = DataFileOf(add);
      if (MayHoldRows(request.filters, file.constants, RangesOf(add))) {
        scan.files.push_back(std::move(file));
      } else {
        ++scan.files_pruned;
      }
      return true;
    });
    return scan;
  }

  DescriptionRows Detail() override {
    const Type text(TypeId::kString), number(TypeId::kLong);
    int64_t files = 0;
    int64_t bytes = 0;
    snapshot_->VisitFiles([&](delta::AddFile&& add) {
      ++files;
      bytes += add.size_bytes;
      return true;
    });
    const delta::Protocol& protocol = snapshot_->protocol();
    return {Schema({{"format", text, false},
                    {"id", text, false},
                    {"location", text, false},
                    {"version", number, false},
                    {"numFiles", number, false},
                    {"sizeInBytes", number, false},
                    {"minReaderVersion", number, false},
                    {"minWriterVersion", number, false}}),
            {{Value{std::string("delta")}, Value{snapshot_->metadata().id}, Value{snapshot_->table().ToString()},
              Value{snapshot_->version()}, Value{files}, Value{bytes}, Value{int64_t{protocol.min_reader_version}},
              Value{int64_t{protocol.min_writer_version}}}}};
  }

  DescriptionRows History() override {
    constexpr size_t kCommits = 1000;
    const Type text(TypeId::kString);
    DescriptionRows rows{Schema({{"version", Type(TypeId::kLong), false},
                                 {"timestamp", Type(TypeId::kTimestamp), false},
                                 {"operation", text, true},
                                 {"engineInfo", text, true}}),
                         {}};
    for (const delta::HistoryEntry& entry : delta::ReadHistory(*snapshot_->files(), snapshot_->table(), kCommits)) {
      rows.values.push_back({Value{entry.version}, Value{entry.timestamp_ms * 1000}, Value{entry.info.operation},
                             TextOrNull(entry.info.engine_info)});
    }
    return rows;
  }

  std::optional<int64_t> EstimatedBytes() override {
    int64_t bytes = 0;
    snapshot_->VisitFiles([&](delta::AddFile&& add) {
      bytes += add.size_bytes;
      return true;
    });
    return bytes;
  }

 private:
  // Statistics are parsed when a filter asks for the first of them.
  storage::RangeLookup RangesOf(const delta::AddFile& add) const {
    std::optional<delta::FileStatistics> parsed;
    return [this, &add, parsed](int input) mutable -> std::optional<storage::ColumnRange> {
      if (!parsed) parsed = delta::ParseStatistics(add.stats, statistics_columns_);
      const std::string& name = physical_schema().field(input).name;
      for (size_t i = 0; i < parsed->columns.size(); ++i) {
        const std::vector<std::string>& path = statistics_columns_[i].path;
        if (path.size() != 1 || path[0] != name) continue;
        const delta::ColumnStatistics& column = parsed->columns[i];
        return storage::ColumnRange{column.min, column.max, column.null_count, parsed->num_records};
      }
      return std::nullopt;
    };
  }

  DataFile DataFileOf(const delta::AddFile& add) const {
    DataFile file;
    file.uri = delta::ResolvePath(snapshot_->table(), add.path);
    file.size_bytes = add.size_bytes;
    if (add.deletion_vector) {
      file.deleted_rows = [snapshot = snapshot_, vector = *add.deletion_vector] {
        return std::make_shared<const DeletedRows>(
            delta::ReadDeletionVector(*snapshot->files(), snapshot->table(), vector));
      };
    }
    for (const int index : partition_indexes_) {
      std::optional<std::string> text;
      for (const auto& [name, value] : add.partition_values) {
        if (name == physical_schema().field(index).name) text = value;
      }
      file.constants.emplace(index, delta::ParsePartitionValue(text, schema().field(index).type, utc_));
    }
    return file;
  }

  std::string name_;
  std::map<std::string, std::string> options_;
  delta::SnapshotPtr snapshot_;
  std::vector<int> partition_indexes_;
  std::vector<delta::StatisticsColumn> statistics_columns_;
  const TimeZone& utc_ = TimeZone::Find("UTC");
};

}  // namespace

TablePtr OpenDeltaTable(const TableName& name, const storage::Uri& folder, const storage::StorageContext& context) {
  delta::SnapshotPtr snapshot =
      delta::Snapshot::Load(storage::MakeFileSystem(folder, context), folder, VersionOf(name));
  if (!snapshot) return nullptr;
  return std::make_shared<DeltaTable>(name, std::move(snapshot));
}

}  // namespace quell::catalog
