// The interactive shell: `quell` alone on a terminal.
#pragma once

#include "run_sql.h"

namespace quell::cli {

// Reads statements with editing and history (~/.quell_history) until quit, exit or Ctrl-D. Ctrl-C drops what was typed.
// Returns the exit code.
int RunShell(StatementPrinter& printer);

}  // namespace quell::cli
