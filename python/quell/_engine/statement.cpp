#include "statement.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <sys/eventfd.h>
#include <unistd.h>

#include "base/arrow_result.h"
#include "base/error_classes.h"
#include "base/threads.h"
#include "data/record_batch.h"

namespace quell {

namespace {

int MakeEvent() {
  const int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (fd < 0) throw Error(error_class::kOutOfMemory, "cannot start a statement: {}", std::strerror(errno));
  return fd;
}

}  // namespace

void ArrowCollector::Consume(const Batch& batch) { batches_.push_back(ToRecordBatch(batch, schema_)); }

std::shared_ptr<arrow::RecordBatchReader> ArrowCollector::MakeReader() const {
  return Unwrap(arrow::RecordBatchReader::Make(batches_, ToExchangeSchema(schema_)), error_class::kInternalError,
                "read the result");
}

Statement::Statement(Session& session, std::string sql) : process_(getpid()), over_fd_(MakeEvent()) {
  auto thread = TryStartThread([this, &session, sql = std::move(sql)] { Run(session, sql); });
  if (!thread) {
    close(over_fd_);
    throw Error(error_class::kOutOfMemory, "the system starts no thread more; raise its limit of processes");
  }
  thread_ = std::move(*thread);
}

Statement::~Statement() {
  const bool is_forked = getpid() != process_;
  if (thread_.joinable() && is_forked) thread_.detach();
  if (thread_.joinable()) {
    cancel_->Cancel();
    thread_.join();
  }
  close(over_fd_);
}

void Statement::Run(Session& session, const std::string& sql) {
  try {
    auto result = std::make_unique<Result>();
    result->outcome = session.Run(sql, result->rows, cancel_);
    result->dbu_usd = session.config().GetPrice("quell.price.dbu");
    result_ = std::move(result);
  } catch (...) {
    error_ = std::current_exception();
  }
  eventfd_write(over_fd_, 1);
}

std::unique_ptr<Result> Statement::TakeResult() {
  if (thread_.joinable()) thread_.join();
  if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
  return std::move(result_);
}

}  // namespace quell
