// What the engine's threads have in common.
#pragma once

#include <csignal>
#include <functional>
#include <optional>
#include <thread>

namespace quell {

// Threads that start while one lives get no signals, which are for the threads of the program that runs us.
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

// Runs `work` in a thread of its own, without signals; nullopt, with nothing done, where the system has no more threads
// for us.
std::optional<std::jthread> TryStartThread(std::function<void()> work);

}  // namespace quell
