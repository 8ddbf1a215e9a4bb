// The `quell` command: SQL, and the commands around it.
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "completion.h"
#include "discover.h"
#include "options.h"
#include "python_command.h"
#include "run_sql.h"
#include "signals.h"

int main(int argc, char** argv) {
  using namespace quell::cli;
  // One allocator for all memory: with one of Arrow's beside it, each would keep what it has freed from the other.
  setenv("ARROW_DEFAULT_MEMORY_POOL", "system", 0);
  InstallSignalHandlers();
  const std::string_view command = argc > 1 ? argv[1] : "";
  if (command == "completion") return PrintCompletion(argc > 2 ? argv[2] : "");
  if (command == "discover") return RunDiscover(argc - 1, argv + 1);
  if (IsPythonCommand(command)) return RunPythonCommand(argc - 1, argv + 1);
  if (!command.empty() && command[0] != '-') {
    std::fprintf(stderr, "quell: unknown command: %s; quell --help lists them, -e runs SQL\n", argv[1]);
    return 2;
  }
  SqlOptions options;
  if (const auto code = ParseSqlOptions(argc, argv, &options)) return *code;
  return RunSql(options);
}
