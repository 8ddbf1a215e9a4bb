// A program that this process starts and talks to.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace quell::cli::remote {

// Its standard input and output are pipes; its standard error is ours. It is in a process group of its own, so that
// Ctrl-C on a terminal comes to this process alone, and it gets SIGTERM when the thread that made it ends. Not
// thread-safe.
class ChildProcess {
 public:
  // `words` are the program, found on the path, and its arguments. A program that cannot be started says so on standard
  // error, and ends with its output at once.
  explicit ChildProcess(std::vector<std::string> words);
  // Closes its input, and kills it if it has not ended within `kPatience`.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // False when it does not read any more.
  bool Write(std::string_view text);
  // Reads `size` bytes; false when its output ends before. Calls `while_waiting` several times a second.
  bool Read(char* bytes, size_t size, const std::function<void()>& while_waiting);
  void Interrupt();  // SIGINT
  void Kill();       // SIGKILL

  static constexpr std::chrono::seconds kPatience{5};

 private:
  pid_t pid_ = -1;
  int input_ = -1;
  int output_ = -1;
};

}  // namespace quell::cli::remote
