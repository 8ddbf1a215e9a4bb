#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <set>

#include <fmt/ranges.h>

#include "base/error_classes.h"
#include "base/json_writer.h"
#include "base/uuid.h"
#include "catalog/delta/delta_table.h"
#include "catalog/delta/file_pruning.h"
#include "catalog/files/prune_files.h"
#include "delta/error_classes.h"
#include "delta/schema/scalar_text.h"
#include "delta/schema/schema_json.h"
#include "delta/stats/statistics.h"
#include "delta/transaction/transaction.h"

namespace quell::catalog {
namespace {

constexpr ErrorClass kAllPartitions{"ALL_PARTITION_COLUMNS_NOT_ALLOWED", "KD005"};
constexpr ErrorClass kVoidInside{"DELTA_COMPLEX_TYPE_COLUMN_CONTAINS_NULL_TYPE", "22005"};

std::string OperationName(const WriteRequest& request, bool exists) {
  const bool makes_table = request.mode == WriteMode::kCreate || request.mode == WriteMode::kCreateOrReplace;
  if (!makes_table) return "WRITE";
  const char* verb = request.mode == WriteMode::kCreateOrReplace && exists ? "CREATE OR REPLACE TABLE" : "CREATE TABLE";
  return fmt::format("{}{}", verb, request.has_query ? " AS SELECT" : "");
}

// A condition over the columns of `schema`, as the user knows it.
std::string PredicateText(const ExprPtr& condition, const Schema& schema) {
  return ToString(*Transform(condition, [&](const ExprPtr& node) -> ExprPtr {
    const auto* ref = node->As<InputRef>();
    if (!ref) return node;
    return std::make_shared<ColumnRef>(0, schema.field(ref->index()).name, ref->type(), ref->nullable());
  }));
}

delta::Operation OperationOf(const WriteRequest& request, bool exists) {
  delta::Operation operation{OperationName(request, exists)};
  if (operation.name == "WRITE") {
    operation.parameters["mode"] = request.mode == WriteMode::kAppend ? "Append" : "Overwrite";
  } else {
    JsonWriter columns;
    columns.BeginArray();
    for (const std::string& name : request.partitioned_by) columns.String(name);
    operation.parameters["partitionBy"] = columns.EndArray().Take();
  }
  if (request.replace_where) {
    operation.parameters["predicate"] = PredicateText(request.replace_where, request.schema);
  }
  return operation;
}

int64_t NowMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

bool HasVoidInside(const Type& type) {
  return std::any_of(type.children().begin(), type.children().end(), [](const Field& member) {
    return member.type.id() == TypeId::kNull || HasVoidInside(member.type);
  });
}

// Data files leave columns of VOID out, which only works at the top, and beside others.
void CheckVoid(const Schema& schema) {
  bool has_others = schema.num_fields() == 0;
  for (const Field& field : schema.fields()) {
    has_others |= field.type.id() != TypeId::kNull;
    if (!HasVoidInside(field.type)) continue;
    throw Error(kVoidInside, "the column {} {} has a member of type VOID; cast its NULL to another type", field.name,
                field.type.ToSql());
  }
  if (has_others) return;
  throw Error(delta::error_class::kUnsupportedDataType,
              "a Delta table cannot have columns of type VOID alone; cast NULL to another type");
}

delta::Metadata MetadataOf(const WriteRequest& request, const Schema& schema) {
  CheckVoid(schema);
  delta::Metadata metadata;
  metadata.id = RandomUuid();
  metadata.created_time_ms = NowMs();
  metadata.schema_string = delta::SchemaToJson(schema);
  metadata.configuration = request.properties;
  for (const std::string& name : request.partitioned_by) {
    const std::optional<int> index = request.schema.IndexOf(name);
    if (!index) {
      throw Error(error_class::kUnresolvedColumnNoSuggestion, "PARTITIONED BY names a column that is not there: {}",
                  name);
    }
    metadata.partition_columns.push_back(request.schema.field(*index).name);
  }
  if (!metadata.partition_columns.empty() &&
      metadata.partition_columns.size() == static_cast<size_t>(schema.num_fields())) {
    throw Error(kAllPartitions, "PARTITIONED BY names all columns of {}; leave one out, which the files have",
                request.table.ToString());
  }
  return metadata;
}

class DeltaWrite final : public TableWrite {
 public:
  DeltaWrite(const WriteRequest& request, const storage::Uri& folder, storage::FileSystemPtr files,
             delta::SnapshotPtr snapshot, CancelTokenPtr cancel)
      : request_(request), folder_(folder), files_(std::move(files)), cancel_(std::move(cancel)) {
    const bool exists = snapshot != nullptr;
    const bool makes_table = request.mode == WriteMode::kCreate || request.mode == WriteMode::kCreateOrReplace;
    if (exists && !makes_table) {
      schema_ = snapshot->schema();
      partition_columns_ = snapshot->partition_columns();
      statistics_columns_ = delta::StatisticsColumns(snapshot->metadata(), schema_, snapshot->physical_schema());
    } else {
      schema_ = request.schema;
    }
    transaction_ =
        exists ? std::make_unique<delta::Transaction>(snapshot) : std::make_unique<delta::Transaction>(files_, folder_);
    operation_ = OperationOf(request, exists);
    if (makes_table) {
      delta::Metadata metadata = MetadataOf(request, schema_);
      partition_columns_ = metadata.partition_columns;
      statistics_columns_ = delta::StatisticsColumns(metadata, schema_, schema_);
      transaction_->SetMetadata(std::move(metadata));
    }
    if (exists) NoteReads(snapshot);
    ReplaceFiles(snapshot);
    if (request.txn_app_id) transaction_->SetAppTransaction(*request.txn_app_id, request.txn_version.value_or(0));
  }

  ~DeltaWrite() override {
    if (!is_committed_) transaction_->Abandon();
  }

  storage::FileSystem& file_system() override { return *files_; }
  const storage::Uri& folder() const override { return folder_; }
  const Schema& schema() const override { return schema_; }
  const std::vector<std::string>& partition_columns() const override { return partition_columns_; }
  std::string compression() const override { return request_.compression; }

  std::optional<CommitResult> Applied() const override {
    if (!transaction_->is_applied_already()) return std::nullopt;
    return CommitResult{transaction_->base()->version(), true};
  }

  std::string NewFileName(const std::map<std::string, Value>& partition_values) override {
    std::string path = delta::NewDataFilePath(TextOf(partition_values), next_part_.fetch_add(1), request_.compression);
    transaction_->BeginFile(path);
    return path;
  }

  void AddFile(WrittenFile file) override {
    delta::AddFile add;
    add.path = file.relative_path;
    add.partition_values = TextOf(file.partition_values);
    add.size_bytes = file.size_bytes;
    add.modification_time_ms = NowMs();
    add.stats = delta::StatisticsToJson(statistics_columns_, StatisticsOf(file));
    num_rows_ += file.num_rows;
    if (request_.mode == WriteMode::kOverwritePartitions) {
      const std::lock_guard lock(mutex_);
      partitions_.insert(add.partition_values);
    }
    transaction_->AddFile(std::move(add));
  }

  CommitResult Commit() override {
    operation_.metrics["numOutputRows"] = std::to_string(num_rows_);
    transaction_->SetOperation(operation_);
    delta::CommitOutcome outcome = transaction_->Commit(cancel_);
    if (const auto* conflict = std::get_if<delta::Conflict>(&outcome)) conflict->Throw();
    is_committed_ = true;
    const auto& committed = std::get<delta::Committed>(outcome);
    return {committed.version, committed.was_skipped, committed.files_added, committed.files_removed};
  }

 private:
  delta::FileStatistics StatisticsOf(const WrittenFile& file) const {
    delta::FileStatistics statistics{file.num_rows};
    for (const delta::StatisticsColumn& column : statistics_columns_) {
      const auto range = file.ranges.find(fmt::format("{}", fmt::join(column.path, ".")));
      statistics.columns.push_back(
          range == file.ranges.end()
              ? delta::ColumnStatistics{}
              : delta::ColumnStatistics{range->second.min, range->second.max, range->second.null_count});
    }
    return statistics;
  }

  // What the statement reads of the table that it writes to.
  void NoteReads(const delta::SnapshotPtr& snapshot) {
    for (const TableRead& read : request_.reads) {
      if (SnapshotOf(read.table) == snapshot) transaction_->ReadFiles(FilesRead(read));
    }
  }

  void ReplaceFiles(const delta::SnapshotPtr& snapshot) {
    if (!snapshot || request_.mode == WriteMode::kAppend) return;
    const bool replaces_some =
        request_.mode == WriteMode::kReplaceWhere || request_.mode == WriteMode::kOverwritePartitions;
    if (!replaces_some) {
      transaction_->ReplaceFiles([](const delta::AddFile&) { return true; });
      return;
    }
    const auto pruning = std::make_shared<const FilePruning>(snapshot);
    if (request_.mode == WriteMode::kOverwritePartitions) {
      transaction_->ReplaceFiles(
          [this, pruning](const delta::AddFile& file) { return partitions_.contains(AsWritten(file, *pruning)); });
      return;
    }
    const ExprPtr& condition = request_.replace_where;
    if (request_.brings_kept_rows) {
      RewriteFiles(*snapshot, [pruning, conjuncts = SplitConjuncts(condition)](const delta::AddFile& file) {
        return pruning->MayHoldRows(conjuncts, file);
      });
    } else {
      transaction_->ReplaceFiles([pruning, condition](const delta::AddFile& file) {
        return IsTrueOf(condition, pruning->ConstantsOf(file.partition_values));
      });
    }
  }

  // The files that may hold rows to be replaced go; of what stays of them, the input has a copy.
  void RewriteFiles(const delta::Snapshot& snapshot, delta::FilePredicate matches) {
    if (snapshot.metadata().IsEnabled("delta.enableChangeDataFeed")) {
      throw Error(
          error_class::kUnsupportedFeature,
          "{} keeps a change data feed, which REPLACE WHERE over columns that are no partition columns does not "
          "write; restrict the condition to partition columns",
          request_.table.ToString());
    }
    snapshot.VisitFiles([&](delta::AddFile&& file) {
      if (matches(file)) transaction_->RemoveFile(file);
      return true;
    });
    transaction_->ReadFiles(std::move(matches));
  }

  // The partition of a file, spelled as this class spells it: other writers have other texts for one value.
  delta::PartitionValues AsWritten(const delta::AddFile& file, const FilePruning& pruning) const {
    const std::map<int, Value> constants = pruning.ConstantsOf(file.partition_values);
    std::map<std::string, Value> values;
    for (const std::string& name : partition_columns_) values[name] = constants.at(*schema_.IndexOf(name));
    return TextOf(values);
  }

  // In the order of the partition columns, which gives the folders.
  delta::PartitionValues TextOf(const std::map<std::string, Value>& values) const {
    delta::PartitionValues text;
    for (const std::string& name : partition_columns_) {
      const Type& type = schema_.field(*schema_.IndexOf(name)).type;
      text.emplace_back(name, delta::FormatPartitionValue(values.at(name), type));
    }
    return text;
  }

  const WriteRequest request_;
  const storage::Uri folder_;
  const storage::FileSystemPtr files_;
  const CancelTokenPtr cancel_;
  Schema schema_;
  std::vector<std::string> partition_columns_;
  std::vector<delta::StatisticsColumn> statistics_columns_;
  std::unique_ptr<delta::Transaction> transaction_;
  delta::Operation operation_;
  std::atomic<int32_t> next_part_{0};
  std::atomic<int64_t> num_rows_{0};
  std::mutex mutex_;                             // guards partitions_ until the commit begins
  std::set<delta::PartitionValues> partitions_;  // that files were added to
  bool is_committed_ = false;
};

}  // namespace

std::unique_ptr<TableWrite> BeginDeltaWrite(const WriteRequest& request, const storage::Uri& folder,
                                            const storage::StorageContext& context, delta::SnapshotPtr snapshot) {
  if (snapshot && request.mode == WriteMode::kCreate) {
    if (request.if_not_exists) return nullptr;
    throw Error(error_class::kTableOrViewAlreadyExists,
                "there is a table at {} already; use CREATE OR REPLACE TABLE, or INSERT INTO", folder.ToString());
  }
  const bool makes_table = request.mode == WriteMode::kCreate || request.mode == WriteMode::kCreateOrReplace;
  if (!snapshot && !makes_table) {
    throw Error(error_class::kTableOrViewNotFound, "table not found: {}; make it with CREATE TABLE ... AS SELECT",
                request.table.ToString());
  }
  storage::FileSystemPtr files = storage::MakeFileSystem(folder, context);
  files->ProbePutIfAbsent(folder);
  return std::make_unique<DeltaWrite>(request, folder, std::move(files), std::move(snapshot), context.cancel);
}

}  // namespace quell::catalog
