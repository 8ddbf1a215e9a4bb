// The commands that are written in Python.
#pragma once

#include <string_view>

namespace quell::cli {

bool IsPythonCommand(std::string_view command);
// Replaces the process by `python -m quell COMMAND ARGS...`; returns an exit code only when that fails. argv[0] is the
// command.
int RunPythonCommand(int argc, char** argv);

}  // namespace quell::cli
