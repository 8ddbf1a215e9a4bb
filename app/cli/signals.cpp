#include "signals.h"

#include <atomic>
#include <csignal>

#include <unistd.h>

namespace quell::cli {
namespace {

std::atomic<CancelToken*> token_of_signals{nullptr};
volatile std::sig_atomic_t last_signal = 0;
volatile std::sig_atomic_t is_at_prompt = 0;

// Spill files are unlinked already and writes are committed last, so that leaving at once is safe, too.
void Handle(int signal) {
  CancelToken* token = token_of_signals.load(std::memory_order_relaxed);
  const bool is_second = last_signal != 0;
  last_signal = signal;
  if (is_at_prompt && signal == SIGINT) return;
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

PromptScope::PromptScope() { is_at_prompt = 1; }
PromptScope::~PromptScope() { is_at_prompt = 0; }

int LastSignal() { return last_signal; }

void ClearSignal() { last_signal = 0; }

}  // namespace quell::cli
