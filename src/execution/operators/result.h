// Hands the result to the one who asked for it.
#pragma once

#include <memory>
#include <mutex>

#include "execution/execute.h"
#include "execution/pipeline.h"

namespace quell::execution {

class ResultState final : public SharedSink, public std::enable_shared_from_this<ResultState> {
 public:
  explicit ResultState(ResultSink* sink) : sink_(sink) {}
  std::unique_ptr<Sink> MakeSink() override;
  void Finalize() override {}
  void Consume(Batch batch);  // thread-safe

 private:
  std::mutex mutex_;
  ResultSink* const sink_;
};

}  // namespace quell::execution
