// The client of Spark Connect, which is Python: python/quell/remote, where protocol.py describes what is said.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/cancellation.h"
#include "child_process.h"

namespace quell::cli::remote {

// What a statement left behind.
struct RemoteOutcome {
  std::optional<int64_t> version;  // of its Delta commit
  std::string time_zone;           // of the session
};

// An open session on a Spark cluster. Not thread-safe.
class Client {
 public:
  // Starts the client and waits until the session is open; throws Error.
  Client(const std::string& url, const std::map<std::string, std::string>& settings, const CancelToken& cancel);

  // Runs a statement and gives `take_arrow` the pieces of an Arrow IPC stream, if the result has columns. Throws what
  // Spark says; is_usable() tells whether the session goes on. Cancelling interrupts the statement in Spark.
  RemoteOutcome Run(const std::string& sql, const CancelToken& cancel,
                    const std::function<void(std::string)>& take_arrow);
  bool is_usable() const { return is_usable_; }

 private:
  struct Frame {
    char kind = 0;
    std::string content;
  };
  Frame Receive(const CancelToken& cancel);
  // Interrupts what was cancelled, and kills a client that does not answer.
  void WhileWaiting(const CancelToken& cancel);

  ChildProcess child_;
  bool is_usable_ = true;
  std::optional<std::chrono::steady_clock::time_point> interrupted_at_;
};

}  // namespace quell::cli::remote
