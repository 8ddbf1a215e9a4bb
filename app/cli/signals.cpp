#include "signals.h"

#include <atomic>
#include <csignal>
#include <ctime>

#include <unistd.h>

namespace quell::cli {
namespace {

std::atomic<CancelToken*> token_of_signals{nullptr};
volatile std::sig_atomic_t last_signal = 0;
volatile std::sig_atomic_t is_shell = 0;
timer_t nudge = {};  // of the shell

constexpr long kNudgeNs = 10'000'000;

void SetNudge(long interval_ns) {
  const timespec interval{0, interval_ns};
  const itimerspec timer{interval, interval};
  timer_settime(nudge, 0, &timer, nullptr);
}

// Spill files are unlinked already and writes are committed last, so that leaving at once is safe, too.
void Handle(int signal) {
  CancelToken* token = token_of_signals.load(std::memory_order_relaxed);
  const bool is_second = last_signal != 0;
  last_signal = signal;
  // A Ctrl-C between two reads of the line editor interrupts neither, so the next is interrupted by a nudge.
  if (token == nullptr && is_shell && signal == SIGINT) return SetNudge(kNudgeNs);
  if (token == nullptr || is_second) _exit(128 + signal);
  token->Cancel();
}

}  // namespace

void InstallSignalHandlers() {
  struct sigaction action = {};
  action.sa_handler = Handle;
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
  struct sigaction ignore = {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, nullptr);
}

void SetCancelledBySignals(CancelToken* token) { token_of_signals.store(token, std::memory_order_relaxed); }

ShellScope::ShellScope() {
  struct sigaction interrupt = {};
  interrupt.sa_handler = [](int) {};
  sigaction(SIGALRM, &interrupt, nullptr);
  timer_create(CLOCK_MONOTONIC, nullptr, &nudge);
  is_shell = 1;
}

ShellScope::~ShellScope() {
  is_shell = 0;
  timer_delete(nudge);
}

int LastSignal() { return last_signal; }

void ClearSignal() {
  sigset_t interrupt;
  sigemptyset(&interrupt);
  sigaddset(&interrupt, SIGINT);
  // One that came between the two would leave a nudge without a signal, or a signal without a nudge.
  sigprocmask(SIG_BLOCK, &interrupt, nullptr);
  last_signal = 0;
  if (is_shell) SetNudge(0);
  sigprocmask(SIG_UNBLOCK, &interrupt, nullptr);
}

}  // namespace quell::cli
