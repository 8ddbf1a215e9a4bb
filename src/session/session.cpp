#include "session/session.h"

#include <algorithm>

#include <unistd.h>

#include "base/fork_safe_mutex.h"
#include "base/memory_budget.h"
#include "execution/execute.h"
#include "session/statement_runner.h"
#include "session/views.h"
#include "sql/parser.h"

namespace quell {
namespace {

// What a process needs besides reservations: code, Arrow, what a result is built in.
constexpr int64_t kProcessBytes = 64 << 20;
// And each thread: page buffers, the blocks of what it spills or merges, and memory that the allocator keeps for it.
constexpr int64_t kThreadBytes = 64 << 20;

// A limit so small that the overhead does not fit leaves a quarter for operators: they spill all the more.
std::shared_ptr<MemoryBudget> BudgetOf(const Config& config) {
  const int64_t limit = config.GetBytes("quell.memory.limit");
  const int64_t threads = execution::ThreadsFor(config.GetCount("quell.threads"));
  return std::make_shared<MemoryBudget>(std::max(limit - kProcessBytes - threads * kThreadBytes, limit / 4));
}

class Collector final : public ResultConsumer {
 public:
  void Begin(const Schema& schema) override { result.schema = schema; }
  void Consume(const Batch& batch) override { result.batches.push_back(Compact(batch)); }
  CollectedResult result;
};

}  // namespace

struct Session::State {
  Views views;
  ForkSafeMutex mutex{ForkSafeMutex::Rank::kSession};
  std::string budget_key;
  pid_t budget_owner = 0;
  std::shared_ptr<MemoryBudget> budget;

  // Statements share one budget; a change of the limit, or of the threads that it leaves memory for, makes a new one
  // for those that come. So does a fork: nobody gives back in the child what threads of the parent had reserved.
  std::shared_ptr<MemoryBudget> Budget(const Config& config) {
    std::lock_guard lock(mutex);
    const std::string key = *config.Get("quell.memory.limit") + " " + *config.Get("quell.threads");
    if (key != budget_key || budget_owner != getpid()) {
      budget = BudgetOf(config);
      budget_key = key;
      budget_owner = getpid();
    }
    return budget;
  }
};

Session::Session(std::map<std::string, std::string> settings) : state_(std::make_unique<State>()) {
  for (const auto& [name, value] : settings) config_.Set(name, value);
}

Session::~Session() = default;

StatementOutcome Session::Run(std::string_view sql, ResultConsumer& consumer, CancelTokenPtr cancel) {
  return Run(sql::ParseStatement(sql, {1, 1}, config_.timestamp_is_ntz()), consumer, std::move(cancel));
}

StatementOutcome Session::Run(const unresolved::Statement& statement, ResultConsumer& consumer, CancelTokenPtr cancel) {
  if (!cancel) cancel = std::make_shared<CancelToken>();
  StatementRunner runner(config_, state_->views, state_->Budget(config_), std::move(cancel));
  return runner.Run(statement, consumer);
}

CollectedResult Session::Collect(std::string_view sql) {
  Collector collector;
  Run(sql, collector);
  return std::move(collector.result);
}

std::string Session::OptimizedPlan(std::string_view sql) {
  StatementRunner runner(config_, state_->views, state_->Budget(config_), std::make_shared<CancelToken>());
  return runner.OptimizedPlan(sql::ParseStatement(sql, {1, 1}, config_.timestamp_is_ntz()));
}

}  // namespace quell
