#include "execution/operators/write/write.h"

#include "base/check.h"
#include "base/fault_point.h"

namespace quell::execution {
namespace {

class WriteSink final : public Sink {
 public:
  explicit WriteSink(std::shared_ptr<WriteState> state) : state_(std::move(state)), writer_(state_->plan()) {}

  void Consume(Batch input) override { writer_.Write(input); }
  void Combine() override {
    writer_.EndOpenFiles();
    state_->Add(&writer_);
  }

 private:
  const std::shared_ptr<WriteState> state_;
  TableWriter writer_;
};

}  // namespace

WriteState::WriteState(const WriteNode& node, ResourcesPtr resources, OperatorCountersPtr counters)
    : counters_(std::move(counters)) {
  QUELL_CHECK(resources->context.catalog);
  std::shared_ptr<catalog::TableWrite> write = resources->context.catalog->BeginWrite(node.request);
  if (write) commit_ = write->Applied();
  if (write && !commit_) plan_ = std::make_shared<const WritePlan>(std::move(write), std::move(resources));
}

std::unique_ptr<Sink> WriteState::MakeSink() { return std::make_unique<WriteSink>(shared_from_this()); }

void WriteState::Add(TableWriter* writer) {
  std::lock_guard lock(mutex_);
  rows_written_ += writer->rows_written();
  counters_->peak_memory_bytes.Add(writer->peak_memory_bytes());
  for (PendingRows& rows : writer->TakePending()) pending_.push_back(std::move(rows));
}

void WriteState::Finalize() {
  TableWriter writer(plan_);
  for (PendingRows& rows : pending_) writer.WritePending(std::move(rows));
  writer.EndAll();
  rows_written_ += writer.rows_written();
  plan_->resources->ThrowIfCancelled();
  FaultPoint("write.before_commit");
  commit_ = plan_->write->Commit();
  counters_->rows.Add(rows_written_);
  plan_->resources->context.metrics->rows_written.Add(rows_written_);
}

}  // namespace quell::execution
