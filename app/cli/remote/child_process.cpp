#include "child_process.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error_classes.h"

namespace quell::cli::remote {
namespace {

constexpr std::chrono::milliseconds kPollInterval{100};

struct PipeEnds {
  int read = -1;
  int write = -1;
};

PipeEnds MakePipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    throw Error(error_class::kInternalError, "cannot make a pipe: {}", std::strerror(errno));
  return {ends[0], ends[1]};
}

// Runs in the child between fork and exec, where only what is safe in a signal handler may be called.
[[noreturn]] void BecomeProgram(char* const* argv, int input, int output) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  dup2(input, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  execvp(argv[0], argv);
  const char* reason = std::strerror(errno);
  for (const char* part : {"quell: cannot run ", static_cast<const char*>(argv[0]), ": ", reason, "\n"}) {
    if (write(STDERR_FILENO, part, std::strlen(part)) < 0) break;
  }
  _exit(127);
}

}  // namespace

ChildProcess::ChildProcess(std::vector<std::string> words) {
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const PipeEnds in = MakePipe();
  const PipeEnds out = MakePipe();
  pid_ = fork();
  if (pid_ == 0) BecomeProgram(argv.data(), in.read, out.write);
  close(in.read);
  close(out.write);
  input_ = in.write;
  output_ = out.read;
  if (pid_ < 0) throw Error(error_class::kInternalError, "cannot start {}: {}", words[0], std::strerror(errno));
}

ChildProcess::~ChildProcess() {
  close(input_);
  close(output_);
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (waitpid(pid_, nullptr, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > deadline) Kill();
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

bool ChildProcess::Write(std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = write(input_, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    text.remove_prefix(static_cast<size_t>(count));
  }
  return true;
}

bool ChildProcess::Read(char* bytes, size_t size, const std::function<void()>& while_waiting) {
  while (size > 0) {
    pollfd waiting{output_, POLLIN, 0};
    if (poll(&waiting, 1, static_cast<int>(kPollInterval.count())) <= 0) {
      while_waiting();
      continue;
    }
    const ssize_t count = read(output_, bytes, size);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes += count;
    size -= static_cast<size_t>(count);
  }
  return true;
}

void ChildProcess::Interrupt() { kill(pid_, SIGINT); }

void ChildProcess::Kill() { kill(pid_, SIGKILL); }

}  // namespace quell::cli::remote
