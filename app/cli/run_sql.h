// Runs the SQL of the command line, or opens the shell.
#pragma once

#include <string>
#include <vector>

#include "cost/report.h"
#include "engine.h"
#include "options.h"
#include "pipes/pipes.h"
#include "session/session.h"

namespace quell::cli {

// Returns the exit code.
int RunSql(const SqlOptions& options);

// Runs statements and prints their results. `config` holds the settings of their session. Not thread-safe.
class StatementPrinter {
 public:
  StatementPrinter(const SqlOptions& options, Engine& engine, const Config& config, pipes::Pipes& pipes)
      : options_(options), engine_(engine), config_(config), pipes_(pipes) {}

  // Runs all statements of `text` in order until one fails. `source` names it in messages. Returns the exit code.
  int RunScript(const std::string& text, const std::string& source);
  // What the statements so far used.
  const std::vector<cost::Report>& reports() const { return reports_; }

 private:
  int RunStatement(const std::string& sql, const std::string& source, int line);
  // Says so, and returns the exit code.
  static int Cancelled();

  const SqlOptions& options_;
  Engine& engine_;
  const Config& config_;
  pipes::Pipes& pipes_;
  std::vector<cost::Report> reports_;
};

}  // namespace quell::cli
