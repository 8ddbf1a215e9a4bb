// A statement that runs beside the Python threads.
#pragma once

#include <exception>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <arrow/record_batch.h>
#include <sys/types.h>

#include "base/cancellation.h"
#include "session/session.h"

namespace quell {

// Keeps the rows as Arrow record batches.
class ArrowCollector final : public ResultConsumer {
 public:
  void Begin(const Schema& schema) override { schema_ = schema; }
  void Consume(const Batch& batch) override;

  std::shared_ptr<arrow::RecordBatchReader> MakeReader() const;

 private:
  Schema schema_;
  std::vector<std::shared_ptr<arrow::RecordBatch>> batches_;
};

// The rows, and what became of the statement besides them.
struct Result {
  ArrowCollector rows;
  StatementOutcome outcome;
  double dbu_usd = 0;
};

// Runs from its construction on, on a thread of the engine's own that never needs the GIL. So a Python thread waits for
// a file descriptor, as Python itself or an event loop knows how to, and gets its signals meanwhile.
class Statement {
 public:
  // The session must outlive it.
  Statement(Session& session, std::string sql);
  // One that still runs is cancelled and waited for. In a child of fork(), where its thread is not, it is let go.
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // Becomes readable when the statement is over.
  int fileno() const { return over_fd_; }
  // It ends within a batch then. Thread-safe.
  void Cancel() { cancel_->Cancel(); }
  // Waits for the end, and returns the result or throws the error. To be called once.
  std::unique_ptr<Result> TakeResult();

 private:
  void Run(Session& session, const std::string& sql);

  const pid_t process_;
  const int over_fd_;
  const CancelTokenPtr cancel_ = std::make_shared<CancelToken>();
  std::unique_ptr<Result> result_;
  std::exception_ptr error_;
  std::jthread thread_;
};

}  // namespace quell
