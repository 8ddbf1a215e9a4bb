#include "execution/run_pipeline.h"

#include <time.h>

#include <algorithm>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "base/error.h"
#include "base/threads.h"
#include "data/selected_bytes.h"

namespace quell::execution {
namespace {

int64_t NowNs(clockid_t clock) {
  timespec time;
  clock_gettime(clock, &time);
  return time.tv_sec * int64_t{1'000'000'000} + time.tv_nsec;
}

// Keeps the first exception of several threads and tells the others to stop.
class FirstError {
 public:
  bool failed() const { return failed_.load(std::memory_order_relaxed); }
  void Keep(std::exception_ptr error) {
    std::lock_guard lock(mutex_);
    if (!error_) error_ = std::move(error);
    failed_.store(true, std::memory_order_relaxed);
  }
  // Called after the threads were joined.
  void Rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  std::mutex mutex_;
  std::exception_ptr error_;
  std::atomic<bool> failed_{false};
};

// Charges time and rows to operators; adds them to the shared counters when destroyed.
class Stopwatch {
 public:
  Stopwatch(std::vector<OperatorCountersPtr> operators, bool measure)
      : operators_(std::move(operators)), lines_(operators_.size()), measure_(measure) {
    Restart();
  }
  ~Stopwatch() {
    for (size_t i = 0; i < lines_.size(); ++i) {
      operators_[i]->rows.Add(lines_[i].rows);
      operators_[i]->batches.Add(lines_[i].batches);
      operators_[i]->bytes.Add(lines_[i].bytes);
      operators_[i]->wall_ns.Add(lines_[i].wall_ns);
      operators_[i]->cpu_ns.Add(lines_[i].cpu_ns);
    }
  }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

  // The time since the last lap belongs to operator `index`.
  void Lap(size_t index) {
    const int64_t wall_ns = NowNs(CLOCK_MONOTONIC);
    lines_[index].wall_ns += wall_ns - wall_ns_;
    wall_ns_ = wall_ns;
    if (!measure_) return;
    const int64_t cpu_ns = NowNs(CLOCK_THREAD_CPUTIME_ID);
    lines_[index].cpu_ns += cpu_ns - cpu_ns_;
    cpu_ns_ = cpu_ns;
  }
  void CountOutput(size_t index, const Batch& batch) {
    lines_[index].rows += batch.num_selected();
    ++lines_[index].batches;
    if (measure_) lines_[index].bytes += SelectedBytes(batch);
  }

 private:
  struct Line {
    int64_t rows = 0;
    int64_t batches = 0;
    int64_t bytes = 0;
    int64_t wall_ns = 0;
    int64_t cpu_ns = 0;
  };
  void Restart() {
    wall_ns_ = NowNs(CLOCK_MONOTONIC);
    if (measure_) cpu_ns_ = NowNs(CLOCK_THREAD_CPUTIME_ID);
  }

  const std::vector<OperatorCountersPtr> operators_;
  std::vector<Line> lines_;
  const bool measure_;
  int64_t wall_ns_ = 0;
  int64_t cpu_ns_ = 0;
};

// The operators of one thread for one fragment.
class FragmentThread {
 public:
  FragmentThread(const Fragment& fragment, const Pipeline& pipeline, const Resources& resources,
                 const FirstError& first_error)
      : fragment_(fragment),
        cancel_(resources.context.cancel.get()),
        first_error_(first_error),
        stopwatch_(OperatorsOf(fragment, pipeline), resources.context.measure),
        source_(fragment.source->MakeSource()),
        sink_(pipeline.sink->MakeSink()) {
    for (const Fragment::Step& step : fragment.steps) transforms_.push_back(step.make());
  }

  void Run() {
    const size_t sink_index = transforms_.size() + 1;
    while (!ShouldStop()) {
      std::optional<Batch> batch = TakeBatch();
      if (!batch) break;
      if (batch->num_selected() == 0) continue;
      sink_->Consume(std::move(*batch));
      stopwatch_.Lap(sink_index);
    }
    if (first_error_.failed()) return;
    sink_->Combine();
    stopwatch_.Lap(sink_index);
  }

 private:
  static std::vector<OperatorCountersPtr> OperatorsOf(const Fragment& fragment, const Pipeline& pipeline) {
    std::vector<OperatorCountersPtr> operators = {fragment.source_counters};
    for (const Fragment::Step& step : fragment.steps) operators.push_back(step.counters);
    operators.push_back(pipeline.sink_counters);
    return operators;
  }

  bool ShouldStop() const {
    if (cancel_) cancel_->ThrowIfCancelled();
    if (first_error_.failed()) return true;
    return std::any_of(fragment_.stop_flags.begin(), fragment_.stop_flags.end(),
                       [](const StopFlag& flag) { return flag->load(std::memory_order_relaxed); });
  }

  // The next batch of the source, behind the transforms. May have no rows; nullopt at the end.
  std::optional<Batch> TakeBatch() {
    try {
      std::optional<Batch> batch = source_->Next();
      stopwatch_.Lap(0);
      for (size_t i = 0; batch && batch->num_selected() > 0; ++i) {
        stopwatch_.CountOutput(i, *batch);
        if (i == transforms_.size()) break;
        batch = transforms_[i]->Apply(std::move(*batch));
        stopwatch_.Lap(i + 1);
      }
      return batch;
    } catch (const Error& error) {
      ThrowWithPlace(error);
    }
  }

  // An error about a value (SQLSTATE class 22, data exceptions) tells where the value is from.
  [[noreturn]] void ThrowWithPlace(const Error& error) const {
    const std::string place = source_->place();
    const bool is_of_value = std::string_view(error.error_class().sql_state).starts_with("22");
    if (place.empty() || !is_of_value) throw;
    throw Error(error.error_class(), error.location(), "{}; the row is in {}", error.message(), place);
  }

  const Fragment& fragment_;
  const CancelToken* const cancel_;
  const FirstError& first_error_;
  Stopwatch stopwatch_;
  const std::unique_ptr<Source> source_;
  std::vector<std::unique_ptr<Transform>> transforms_;
  const std::unique_ptr<Sink> sink_;
};

PipelineRun RunFragment(const Fragment& fragment, const Pipeline& pipeline, const Resources& resources) {
  PipelineRun run;
  run.num_threads = std::max(1, std::min(resources.num_threads, fragment.source->max_threads()));
  FirstError first_error;
  std::atomic<int64_t> cpu_ns{0};
  const auto work = [&] {
    const int64_t begin_ns = NowNs(CLOCK_THREAD_CPUTIME_ID);
    try {
      FragmentThread(fragment, pipeline, resources, first_error).Run();
    } catch (...) {
      first_error.Keep(std::current_exception());
    }
    cpu_ns += NowNs(CLOCK_THREAD_CPUTIME_ID) - begin_ns;
  };
  {
    const std::vector<std::jthread> threads = StartThreads(run.num_threads - 1, work);
    work();
  }
  first_error.Rethrow();
  run.cpu_seconds = static_cast<double>(cpu_ns) / 1e9;
  return run;
}

}  // namespace

PipelineRun RunPipeline(const Pipeline& pipeline, const Resources& resources) {
  PipelineRun total;
  for (const Fragment& fragment : pipeline.fragments) {
    const PipelineRun run = RunFragment(fragment, pipeline, resources);
    total.num_threads = std::max(total.num_threads, run.num_threads);
    total.cpu_seconds += run.cpu_seconds;
  }
  const int64_t begin_ns = NowNs(CLOCK_MONOTONIC);
  pipeline.sink->Finalize();
  pipeline.sink_counters->wall_ns.Add(NowNs(CLOCK_MONOTONIC) - begin_ns);
  return total;
}

}  // namespace quell::execution
