// What runs the statements of the command line: this process, or a Spark cluster.
#pragma once

#include <memory>
#include <string>

#include "options.h"
#include "session/session.h"

namespace quell::cli {

// Not thread-safe.
class Engine {
 public:
  virtual ~Engine() = default;
  // Runs one statement; throws Error.
  virtual StatementOutcome Run(const std::string& sql, ResultConsumer& consumer, CancelTokenPtr cancel) = 0;
};

// Runs statements in `session`, or where --remote says; then `session` holds the settings. `options` and `session` must
// live as long as the engine.
std::unique_ptr<Engine> MakeEngine(const SqlOptions& options, Session& session);

}  // namespace quell::cli
