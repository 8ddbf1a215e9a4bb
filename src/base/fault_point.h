// Named places where a test can make a process die or an operation fail.
#pragma once

#include <string_view>

namespace quell {

// What a fault point asks of its caller.
enum class Fault {
  kNone,
  kLostAnswer,  // what was done succeeded, but act as if its answer never came
};

// Does nothing unless the environment has QUELL_FAULT, a list such as "delta.before_put=kill,delta.after_put:3=error":
// the third time (by default the first) that the point of this name is passed, the process dies of SIGKILL ("kill") or
// waits for SIGCONT ("stop"), an Error is thrown, or ("lost_answer") kLostAnswer is returned. Thread-safe.
Fault FaultPoint(std::string_view name);

}  // namespace quell
