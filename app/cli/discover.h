// The command `quell discover`.
#pragma once

namespace quell::cli {

// argv[0] is "discover". Returns the exit code: 0 when the data is sound, 1 on an error, 2 for a mistake on the command
// line, 3 when integrity is in doubt.
int RunDiscover(int argc, char** argv);

}  // namespace quell::cli
