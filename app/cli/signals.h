// Ctrl-C and SIGTERM cancel the statement that runs.
#pragma once

#include "base/cancellation.h"

namespace quell::cli {

// SIGINT, SIGTERM and SIGHUP cancel; a second one ends the process at once. Children of background shells start with
// SIGINT ignored, so the handlers are set whatever was there before. SIGPIPE is ignored: writing reports it.
void InstallSignalHandlers();
// The token that a signal cancels; nullptr for none. With none, a signal ends the process.
void SetCancelledBySignals(CancelToken* token);
// While one lives, SIGINT ends no more than a statement, or the reading of a line: LastSignal() tells of it.
class ShellScope {
 public:
  ShellScope();
  ~ShellScope();
  ShellScope(const ShellScope&) = delete;
  ShellScope& operator=(const ShellScope&) = delete;
};
// The last signal that came since ClearSignal(), or 0.
int LastSignal();
void ClearSignal();

}  // namespace quell::cli
