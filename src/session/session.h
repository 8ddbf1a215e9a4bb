// The one C++ entry point: a session takes SQL text (or, later, Spark Connect plans) and runs it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/cancellation.h"
#include "cost/report.h"
#include "data/column.h"
#include "data/schema.h"
#include "plan/logical/lineage.h"
#include "plan/unresolved/statement.h"
#include "session/config.h"

namespace quell {

// Takes the rows of a statement as they come, from one thread at a time.
class ResultConsumer {
 public:
  virtual ~ResultConsumer() = default;
  // Something to know before the statement runs. It is in the report, too.
  virtual void Warn(const std::string& /*warning*/) {}
  // Called once, before any row. A statement without rows has an empty schema.
  virtual void Begin(const Schema& schema) = 0;
  virtual void Consume(const Batch& batch) = 0;
};

// A result that is kept in memory.
struct CollectedResult {
  Schema schema;
  std::vector<Batch> batches;
};

// The table behind a write: its columns, and what the rows that came were computed from.
struct WrittenTable {
  Schema schema;
  std::vector<logical::ColumnLineage> lineage;
};

// What became of a statement besides its rows.
struct StatementOutcome {
  cost::Report report;                  // what it used
  std::optional<int64_t> version = {};  // of the Delta commit, for a write
  std::optional<WrittenTable> written = {};
};

// Thread-safe: statements of several threads may run at once and share the memory limit and the settings. A process may
// fork at any time, and go on with the session on both sides.
class Session {
 public:
  explicit Session(std::map<std::string, std::string> settings = {});
  ~Session();

  Config& config() { return config_; }

  // Runs one statement; throws Error. `cancel` may be null.
  StatementOutcome Run(std::string_view sql, ResultConsumer& consumer, CancelTokenPtr cancel = nullptr);
  StatementOutcome Run(const unresolved::Statement& statement, ResultConsumer& consumer,
                       CancelTokenPtr cancel = nullptr);
  // Runs one statement and keeps its rows.
  CollectedResult Collect(std::string_view sql);
  // The optimized plan of a query or write as EXPLAIN prints it; nothing is run.
  std::string OptimizedPlan(std::string_view sql);

 private:
  struct State;
  friend class StatementRunner;
  Config config_;
  std::unique_ptr<State> state_;
};

}  // namespace quell
