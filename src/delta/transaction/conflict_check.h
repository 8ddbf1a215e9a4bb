// Whether a transaction may follow on a commit that it has not seen.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "delta/transaction/transaction.h"

namespace quell::delta {

enum class IsolationLevel : uint8_t {
  kSerializable,       // as if all commits ran one after another, in the order of their versions
  kWriteSerializable,  // blind appends of others may come in any order
  kSnapshot,           // for changes that move rows without changing them
};

// What of a transaction matters to other writers' commits.
struct TransactionFootprint {
  IsolationLevel isolation = IsolationLevel::kSerializable;
  bool is_blind_append = false;
  bool changes_metadata = false;
  bool changes_protocol = false;
  bool reads_whole_table = false;
  std::vector<FilePredicate> reads = {};
  std::set<std::string> removed_paths = {};  // canonical
  std::optional<std::string> app_id = {};
};

// The checks of delta-spark, in its order: protocol, metadata, application transaction, added files, removed files that
// were read, files that both remove. `before` is the state that `winner` follows on. nullopt: no conflict. A blind
// append conflicts with none of the file checks.
std::optional<Conflict> CheckConflict(const TransactionFootprint& transaction, const Snapshot& before,
                                      const Commit& winner);

// From the table's property `delta.isolationLevel`.
IsolationLevel IsolationLevelOf(const Metadata& metadata);

}  // namespace quell::delta
