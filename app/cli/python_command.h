// The commands that are written in Python.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace quell::cli {

bool IsPythonCommand(std::string_view command);
// Replaces the process by `python -m quell COMMAND ARGS...`; returns an exit code only when that fails. argv[0] is the
// command.
int RunPythonCommand(int argc, char** argv);

// The program, with its arguments, that speaks Spark Connect: python/quell/remote in $QUELL_REMOTE_PYTHON, else in the
// environment `remote` of the tree that this binary was built in, else in the Python of all commands. Sets variables of
// the environment that it needs.
std::vector<std::string> RemoteClientCommand();

}  // namespace quell::cli
