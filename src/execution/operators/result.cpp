#include "execution/operators/result.h"

namespace quell::execution {
namespace {

class ResultThread final : public Sink {
 public:
  explicit ResultThread(std::shared_ptr<ResultState> state) : state_(std::move(state)) {}
  void Consume(Batch input) override { state_->Consume(std::move(input)); }
  void Combine() override {}

 private:
  const std::shared_ptr<ResultState> state_;
};

}  // namespace

std::unique_ptr<Sink> ResultState::MakeSink() { return std::make_unique<ResultThread>(shared_from_this()); }

void ResultState::Consume(Batch batch) {
  std::lock_guard lock(mutex_);
  sink_->Consume(std::move(batch));
}

}  // namespace quell::execution
