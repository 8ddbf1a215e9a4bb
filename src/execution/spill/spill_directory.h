// Where spill files go.
#pragma once

#include <string>

namespace quell::execution {

// The folder of the setting quell.spill.dir; where that is empty, $TMPDIR, else /tmp.
std::string SpillDirectory(const std::string& setting);

}  // namespace quell::execution
