#include "base/threads.h"

#include <system_error>
#include <utility>

namespace quell {

std::optional<std::jthread> TryStartThread(std::function<void()> work) {
  const SignalsBlocked signals_blocked;
  try {
    return std::jthread(std::move(work));
  } catch (const std::system_error&) {
    return std::nullopt;
  }
}

}  // namespace quell
