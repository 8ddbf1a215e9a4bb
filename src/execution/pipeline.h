// Pipelines: a source, transforms and a sink that batches run through, on any number of threads.
//
// A thread makes its own operators from what is shared (SharedSource, MakeTransform, SharedSink), so that operators
// hold plain members and only the shared objects are thread-safe.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "data/column.h"
#include "execution/operator_counters.h"

namespace quell::execution {

class Source {
 public:
  virtual ~Source() = default;
  // The next batch; nullopt when this thread finds no more work. May be empty.
  virtual std::optional<Batch> Next() = 0;
  // Where the rows of the last batch are from, in words, for errors about their values. Empty: from no file.
  virtual std::string place() const { return {}; }
};

class Transform {
 public:
  virtual ~Transform() = default;
  virtual Batch Apply(Batch input) = 0;
};

class Sink {
 public:
  virtual ~Sink() = default;
  // Takes a batch with at least one row.
  virtual void Consume(Batch input) = 0;
  // Called once, after the last batch of this thread: hands over what it holds to the SharedSink.
  virtual void Combine() = 0;
};

class SharedSource {
 public:
  virtual ~SharedSource() = default;
  // How many threads find work at most, asked when the pipeline starts. 1 for rows that are in order.
  virtual int max_threads() const = 0;
  virtual std::unique_ptr<Source> MakeSource() = 0;
};

class SharedSink {
 public:
  virtual ~SharedSink() = default;
  virtual std::unique_ptr<Sink> MakeSink() = 0;
  // Called once, after Combine of all threads.
  virtual void Finalize() = 0;
};

using MakeTransform = std::function<std::unique_ptr<Transform>()>;

// Set by an operator that needs no more rows; the threads that feed it then stop.
using StopFlag = std::shared_ptr<std::atomic<bool>>;

// One way for rows into a sink: a pipeline has more than one where it unites inputs.
struct Fragment {
  struct Step {
    MakeTransform make;
    OperatorCountersPtr counters;
  };
  std::shared_ptr<SharedSource> source;
  OperatorCountersPtr source_counters;
  std::vector<Step> steps = {};
  std::vector<StopFlag> stop_flags = {};
};

struct Pipeline {
  std::vector<Fragment> fragments;  // run one after the other
  std::shared_ptr<SharedSink> sink;
  OperatorCountersPtr sink_counters;
};

}  // namespace quell::execution
