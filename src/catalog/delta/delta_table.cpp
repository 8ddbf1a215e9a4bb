#include "catalog/delta/delta_table.h"

#include "base/check.h"
#include "catalog/column_metadata.h"
#include "catalog/delta/describe_table.h"
#include "catalog/delta/file_pruning.h"
#include "delta/deletion_vector/deletion_vector.h"
#include "delta/schema/constraints.h"
#include "delta/snapshot/snapshot.h"
#include "delta/spec/path.h"

namespace quell::catalog {
namespace {

delta::VersionSpec VersionOf(const TableName& name) {
  if (name.version) return delta::AtVersion{*name.version};
  if (name.timestamp_us) return delta::AtTimestamp{*name.timestamp_us};
  return delta::LatestVersion{};
}

class DeltaTable final : public Table {
 public:
  DeltaTable(std::string name, std::map<std::string, std::string> options, delta::SnapshotPtr snapshot,
             ExprList restriction)
      : name_(std::move(name)),
        options_(std::move(options)),
        snapshot_(std::move(snapshot)),
        pruning_(snapshot_),
        restriction_(std::move(restriction)) {}

  const delta::SnapshotPtr& snapshot() const { return snapshot_; }
  bool IsRead(const ScanRequest& request, const delta::AddFile& file) const {
    return pruning_.MayHoldRows(restriction_, file) && pruning_.MayHoldRows(request.filters, file);
  }

  const std::string& name() const override { return name_; }
  std::string location() const override { return snapshot_->table().ToString(); }
  const Schema& schema() const override { return snapshot_->schema(); }
  const Schema& physical_schema() const override { return snapshot_->physical_schema(); }
  std::vector<std::string> partition_columns() const override { return snapshot_->partition_columns(); }
  const std::map<std::string, std::string>& options() const override { return options_; }
  std::vector<Constraint> constraints() const override {
    return delta::ConstraintsOf(snapshot_->metadata().configuration, schema().fields());
  }
  std::vector<LimitedColumn> limited_columns() const override {
    std::vector<LimitedColumn> limited;
    for (int i = 0; i < schema().num_fields(); ++i) {
      if (auto limits = LengthLimitsOf(schema().field(i))) limited.push_back({i, *std::move(limits)});
    }
    return limited;
  }
  bool files_may_lack_columns() const override { return true; }

  ScanFiles PlanScan(const ScanRequest& request) override {
    ScanFiles scan;
    snapshot_->VisitFiles([&](delta::AddFile&& add) {
      if (IsRead(request, add)) {
        scan.files.push_back(DataFileOf(add));
      } else {
        ++scan.files_pruned;
      }
      return true;
    });
    return scan;
  }

  TablePtr Restrict(ExprList conjuncts) const override {
    conjuncts.insert(conjuncts.end(), restriction_.begin(), restriction_.end());
    return std::make_shared<DeltaTable>(name_, options_, snapshot_, std::move(conjuncts));
  }

  DescriptionRows Detail() override { return DescribeDetail(*snapshot_); }
  DescriptionRows History() override { return DescribeHistory(*snapshot_); }

  std::optional<int64_t> EstimatedBytes() override {
    int64_t bytes = 0;
    snapshot_->VisitFiles([&](delta::AddFile&& add) {
      bytes += add.size_bytes;
      return true;
    });
    return bytes;
  }

 private:
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
    file.constants = pruning_.ConstantsOf(add.partition_values);
    return file;
  }

  std::string name_;
  std::map<std::string, std::string> options_;
  delta::SnapshotPtr snapshot_;
  FilePruning pruning_;
  ExprList restriction_;  // files that cannot hold such rows are left out
};

}  // namespace

TablePtr OpenDeltaTable(const TableName& name, const storage::Uri& folder, const storage::StorageContext& context) {
  delta::SnapshotPtr snapshot =
      delta::Snapshot::Load(storage::MakeFileSystem(folder, context), folder, VersionOf(name));
  if (!snapshot) return nullptr;
  return std::make_shared<DeltaTable>(name.ToString(), name.options, std::move(snapshot), ExprList());
}

delta::FilePredicate FilesRead(const TableRead& read) {
  const auto table = std::dynamic_pointer_cast<const DeltaTable>(read.table);
  QUELL_CHECK(table);
  return [table, request = read.request](const delta::AddFile& file) { return table->IsRead(request, file); };
}

delta::SnapshotPtr SnapshotOf(const TablePtr& table) {
  const auto* delta_table = dynamic_cast<const DeltaTable*>(table.get());
  return delta_table ? delta_table->snapshot() : nullptr;
}

}  // namespace quell::catalog
