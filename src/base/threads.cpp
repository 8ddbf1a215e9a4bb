#include "base/threads.h"

#include <csignal>
#include <system_error>
#include <utility>

namespace quell {

namespace {

// Threads that start while one lives get no signals.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

}  // namespace

std::optional<std::jthread> TryStartThread(std::function<void()> work) {
  const SignalsBlocked signals_blocked;
  try {
    return std::jthread(std::move(work));
  } catch (const std::system_error&) {
    return std::nullopt;
  }
}

std::vector<std::jthread> StartThreads(int count, const std::function<void()>& work) {
  std::vector<std::jthread> threads;
  threads.reserve(static_cast<size_t>(count));
  while (static_cast<int>(threads.size()) < count) {
    std::optional<std::jthread> thread = TryStartThread(work);
    if (!thread) break;
    threads.push_back(std::move(*thread));
  }
  return threads;
}

}  // namespace quell
