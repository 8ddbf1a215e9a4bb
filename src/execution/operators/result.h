// Hands the result to the one who asked for it.
#pragma once

#include <memory>
#include <mutex>

#include "execution/execute.h"
#include "execution/pipeline.h"

namespace quell::execution {

class ResultState final : public SharedSink, public std::enable_shared_from_this<ResultState> {
 public:
  ResultState(ResultSink* sink, Metrics* metrics) : sink_(sink), metrics_(metrics) {}
  std::unique_ptr<Sink> MakeSink() override;
  void Finalize() override {}
  void Consume(Batch batch);  // thread-safe

 private:
  std::mutex mutex_;
  ResultSink* const sink_;
  Metrics* const metrics_;
};

}  // namespace quell::execution
