#include "base/fork_safe_mutex.h"

#include <atomic>
#include <map>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace quell {
namespace {

// A map under two mutexes that are taken one inside of the other.
class GuardedMap {
 public:
  void Change(int step) {
    const std::lock_guard first(outer_);
    const std::lock_guard second(inner_);
    values_[step % 100] = std::to_string(step);
    values_.erase((step + 50) % 100);
  }
  bool IsWhole() {
    const std::lock_guard first(outer_);
    const std::lock_guard second(inner_);
    return static_cast<size_t>(std::distance(values_.begin(), values_.end())) == values_.size();
  }

 private:
  // Made in the other order than they are taken.
  ForkSafeMutex inner_{ForkSafeMutex::Rank::kConfig};
  ForkSafeMutex outer_{ForkSafeMutex::Rank::kSession};
  std::map<int, std::string> values_;
};

TEST(ForkSafeMutex, AChildGetsItUnlockedAndWhatItGuardsWhole) {
  GuardedMap map;
  std::atomic<bool> done{false};
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      for (int step = 0; !done; ++step) map.Change(step);
    });
  }
  int failed = 0;
  for (int i = 0; i < 200; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      alarm(20);  // A deadlock ends the child by signal.
      _exit(map.IsWhole() ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) ++failed;
  }
  done = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failed, 0);
}

TEST(ForkSafeMutex, OneThatIsGoneIsNotTaken) {
  {
    const ForkSafeMutex gone(ForkSafeMutex::Rank::kViews);
  }
  const pid_t child = fork();
  if (child == 0) _exit(0);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status));
}

}  // namespace
}  // namespace quell
