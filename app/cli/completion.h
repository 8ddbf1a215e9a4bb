// Completion scripts for shells.
#pragma once

#include <string_view>

namespace quell::cli {

// Prints the script for "bash", "zsh" or "fish"; returns the exit code.
int PrintCompletion(std::string_view shell);

}  // namespace quell::cli
