#include "delta/transaction/conflict_check.h"

#include <algorithm>

#include <fmt/format.h>

#include "delta/error_classes.h"
#include "delta/spec/path.h"

namespace quell::delta {

namespace {

constexpr char kTryAgain[] = "run the statement again";

// One check: `transaction` against `winner`.
struct Check {
  const TransactionFootprint& transaction;
  const Snapshot& before;
  const Commit& winner;

  template <typename... Args>
  Conflict Make(const ErrorClass& error_class, fmt::format_string<Args...> what, Args&&... args) const {
    return {error_class, winner.version,
            fmt::format("version {} of '{}' {}; {}", winner.version, before.table().ToString(),
                        fmt::format(what, std::forward<Args>(args)...), kTryAgain)};
  }

  std::optional<Conflict> Protocols() const {
    const auto* changed = winner.Find<Protocol>();
    if (!changed || *changed == before.protocol()) return std::nullopt;
    const auto drops = [](const std::set<std::string>& old_features, const std::set<std::string>& new_features) {
      return !std::includes(new_features.begin(), new_features.end(), old_features.begin(), old_features.end());
    };
    const Protocol& old = before.protocol();
    const bool drops_features = drops(old.reader_features, changed->reader_features) ||
                                drops(old.writer_features, changed->writer_features) ||
                                changed->min_writer_version < old.min_writer_version;
    if (!transaction.changes_protocol && !drops_features) return std::nullopt;
    return Make(error_class::kProtocolChanged, "changed the protocol of the table meanwhile");
  }

  std::optional<Conflict> Metadatas() const {
    const auto* changed = winner.Find<Metadata>();
    if (!changed) return std::nullopt;
    const Metadata& old = before.metadata();
    const bool is_cosmetic = changed->schema_string == old.schema_string && changed->id == old.id &&
                             changed->partition_columns == old.partition_columns &&
                             changed->configuration == old.configuration;
    if (is_cosmetic && !transaction.changes_metadata) return std::nullopt;
    return Make(error_class::kMetadataChanged, "changed the schema or the properties of the table meanwhile");
  }

  std::optional<Conflict> AppTransactions() const {
    if (!transaction.app_id) return std::nullopt;
    for (const Action& action : winner.actions) {
      const auto* other = std::get_if<SetTransaction>(&action);
      if (other && other->app_id == *transaction.app_id) {
        return Make(error_class::kConcurrentTransaction, "wrote transaction {} of the application '{}' meanwhile",
                    other->version, other->app_id);
      }
    }
    return std::nullopt;
  }

  bool IsRead(const AddFile& file) const {
    return transaction.reads_whole_table || std::any_of(transaction.reads.begin(), transaction.reads.end(),
                                                        [&](const FilePredicate& matches) { return matches(file); });
  }

  std::optional<Conflict> AddedFiles() const {
    if (transaction.is_blind_append || transaction.isolation == IsolationLevel::kSnapshot) return std::nullopt;
    const auto* info = winner.Find<CommitInfo>();
    const bool winner_is_blind = info && info->is_blind_append.value_or(false);
    if (transaction.isolation == IsolationLevel::kWriteSerializable && winner_is_blind &&
        !transaction.changes_metadata) {
      return std::nullopt;
    }
    for (const Action& action : winner.actions) {
      const auto* file = std::get_if<AddFile>(&action);
      if (file && file->data_change && IsRead(*file)) {
        return Make(error_class::kConcurrentAppend, "added the file '{}' to what the statement read", file->path);
      }
    }
    return std::nullopt;
  }

  std::optional<Conflict> RemovedFiles() const {
    if (transaction.is_blind_append) return std::nullopt;
    for (const Action& action : winner.actions) {
      const auto* file = std::get_if<RemoveFile>(&action);
      if (!file) continue;
      if (transaction.removed_paths.contains(CanonicalPath(file->path))) {
        return Make(error_class::kConcurrentDeleteDelete, "removed the file '{}', which the statement removes, too",
                    file->path);
      }
      AddFile was{.path = file->path};
      was.partition_values = file->partition_values;
      // Without its partition values any predicate may have matched the file.
      const bool is_unknown = !file->extended_file_metadata && !transaction.reads.empty();
      if (is_unknown || IsRead(was)) {
        return Make(error_class::kConcurrentDeleteRead, "removed the file '{}', which the statement read", file->path);
      }
    }
    return std::nullopt;
  }
};

}  // namespace

std::optional<Conflict> CheckConflict(const TransactionFootprint& transaction, const Snapshot& before,
                                      const Commit& winner) {
  const Check check{transaction, before, winner};
  if (auto conflict = check.Protocols()) return conflict;
  if (auto conflict = check.Metadatas()) return conflict;
  if (auto conflict = check.AppTransactions()) return conflict;
  if (auto conflict = check.AddedFiles()) return conflict;
  return check.RemovedFiles();
}

IsolationLevel IsolationLevelOf(const Metadata& metadata) {
  const std::string* level = metadata.FindProperty("delta.isolationLevel");
  return level && *level == "WriteSerializable" ? IsolationLevel::kWriteSerializable : IsolationLevel::kSerializable;
}

}  // namespace quell::delta
