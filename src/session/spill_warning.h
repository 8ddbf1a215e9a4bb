// What Quell says before it runs a statement that this machine has no room for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "execution/execute.h"

namespace quell {

// What there is for spill files.
struct SpillRoom {
  std::string directory;
  int64_t limit_bytes;  // quell.spill.limit
  int64_t free_bytes;   // on the disk of the directory
};

SpillRoom FindSpillRoom(const execution::ExecutionContext& context);

// A warning with the estimate, what it exceeds, and the ways out; nothing where `spill_bytes` fit. Estimates are rough,
// so that the statement runs all the same.
std::optional<std::string> SpillWarning(int64_t spill_bytes, const SpillRoom& room);

}  // namespace quell
