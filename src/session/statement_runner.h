// Runs one statement of a session: made for it, and gone with it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/analyzer.h"
#include "base/memory_budget.h"
#include "base/metrics.h"
#include "catalog/catalog.h"
#include "execution/execute.h"
#include "session/session.h"
#include "session/views.h"

namespace quell {

// Not thread-safe; `config`, `views` and `budget` are the session's and are.
class StatementRunner {
 public:
  StatementRunner(Config& config, Views& views, std::shared_ptr<MemoryBudget> budget, CancelTokenPtr cancel);

  StatementOutcome Run(const unresolved::Statement& statement, ResultConsumer& consumer);
  // The plans of a query or write, as far as they are asked for; nothing is run.
  std::string OptimizedPlan(const unresolved::Statement& statement);

 private:
  void RunNode(const unresolved::Query& query);
  void RunNode(const unresolved::CreateTable& create);
  void RunNode(const unresolved::Insert& insert);
  void RunNode(const unresolved::CreateView& create);
  void RunNode(const unresolved::Drop& drop);
  void RunNode(const unresolved::Explain& explain);
  void RunNode(const unresolved::Set& set);
  void RunNode(const unresolved::Reset& reset);
  void RunNode(const unresolved::Describe& describe);

  analyzer::Context MakeAnalyzerContext();
  analyzer::AnalyzedPlan AnalyzePlan(const unresolved::Statement& statement);
  execution::ExecutionContext MakeExecutionContext();
  // What to say before the optimized plan runs.
  std::optional<std::string> WarningFor(const logical::PlanPtr& plan, const execution::ExecutionContext& context) const;
  execution::ExecutionProfile Execute(const analyzer::AnalyzedPlan& analyzed, bool measure, ResultConsumer& consumer);
  // Optimizes and runs, and keeps what was committed.
  void RunPlan(const analyzer::AnalyzedPlan& analyzed);
  // Rows of a command, such as SET, go the way of all rows.
  void ReturnRows(const Schema& schema, std::vector<std::vector<Value>> rows);
  logical::PlanPtr WithSettings(const logical::PlanPtr& plan) const;
  std::string ExplainText(const unresolved::Explain& explain);

  Config& config_;
  Views& views_;
  std::shared_ptr<MemoryBudget> budget_;
  CancelTokenPtr cancel_;
  Metrics metrics_;
  catalog::Catalog catalog_;
  ResultConsumer* consumer_ = nullptr;
  std::string text_;
  StatementOutcome outcome_;
};

}  // namespace quell
