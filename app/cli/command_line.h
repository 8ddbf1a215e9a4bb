// Command lines, and mistakes in them.
#pragma once

#include <optional>

#include <CLI/CLI.hpp>

namespace quell::cli {

inline constexpr int kUsage = 2;  // the exit code of a mistake on the command line

// The exit code where nothing is left to do: 0 after --help or --version, kUsage after a mistake, which has been told.
std::optional<int> ParseCommandLine(CLI::App& app, int argc, char** argv);

}  // namespace quell::cli
