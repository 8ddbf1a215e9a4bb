// Dagster Pipes 0.1: when Dagster started this process, it is told of logs, commits and failures as they come. The
// format: DAGSTER_PIPES_CONTEXT and DAGSTER_PIPES_MESSAGES are base64(zlib(JSON)); messages are JSON, one a line, in a
// file or on stderr.
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "base/error.h"
#include "base/json_writer.h"
#include "session/session.h"

namespace quell::cli {

// The channel to Dagster; does nothing where the environment names none. Not thread-safe.
class Pipes {
 public:
  // Opens the channel. An environment that does not decode is told on stderr, and the job runs without.
  static Pipes FromEnvironment();
  // Says that the process ends, with the error that was reported last.
  ~Pipes();
  Pipes(Pipes&&) = default;

  // A log line, and for a commit a materialization with what it used and cost.
  void Report(const StatementOutcome& outcome, double dbu_usd);
  void Report(const Error& error);

 private:
  Pipes() = default;
  void Log(const char* level, const std::string& message);
  void Send(const char* method, const std::string& params_json);

  struct Closer {
    void operator()(std::FILE* file) const {
      if (file != stderr) std::fclose(file);
    }
  };
  std::unique_ptr<std::FILE, Closer> channel_;
  std::string asset_key_;
  std::string failure_json_;
};

}  // namespace quell::cli
