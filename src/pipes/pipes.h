// Dagster Pipes 0.1: Dagster is told of logs, commits and failures as they come. Messages are JSON, one a line.
//
// The command speaks it when Dagster started it as a process of its own, the Python package when it runs inside of
// Dagster's process; so both say the same.
#pragma once

#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include "pipes/bootstrap.h"
#include "session/session.h"

namespace quell::pipes {

// The channel to Dagster for one step. Not thread-safe.
class Pipes {
 public:
  // No Dagster: nothing is sent.
  Pipes() = default;
  // `context` and `messages` are the texts of DAGSTER_PIPES_CONTEXT (may be empty) and DAGSTER_PIPES_MESSAGES. Throws
  // INVALID_PARAMETER_VALUE when they do not decode.
  Pipes(const std::string& context, const std::string& messages);
  // The same from the environment; nothing is sent where it has no such variables.
  static Pipes FromEnvironment();
  ~Pipes() { Close(); }
  Pipes(Pipes&&) = default;
  Pipes& operator=(Pipes&&) = default;

  bool is_open() const { return channel_ != nullptr; }
  // A log line for each statement. What all of them used together, and what the last commit made, is told at the end.
  void Report(const StatementOutcome& outcome, double dbu_usd);
  // The class and the message of an error.
  void ReportError(const std::string& error_class, const std::string& message);
  // Says what was materialized, unless an error was reported, and that no message comes any more.
  void Close();

 private:
  void Log(const char* level, const std::string& message);
  void Send(const char* method, const std::string& params_json);

  struct Closer {
    void operator()(std::FILE* file) const {
      if (file != stderr && file != stdout) std::fclose(file);
    }
  };
  std::unique_ptr<std::FILE, Closer> channel_;
  StepContext step_;
  std::optional<StatementOutcome> last_commit_;
  cost::Usage usage_;
  double dbu_usd_ = 0;
  std::string failure_json_;
};

}  // namespace quell::pipes
