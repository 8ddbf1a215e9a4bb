#include "base/fork_safe_mutex.h"

#include <algorithm>
#include <vector>

#include <pthread.h>

namespace quell {

// All of the process, ordered by rank.
class ForkSafeMutexes {
 public:
  static ForkSafeMutexes& Get() {
    static auto* mutexes = new ForkSafeMutexes;  // Never destroyed: a process may fork while it exits.
    return *mutexes;
  }

  void Add(ForkSafeMutex* mutex) {
    const std::lock_guard lock(mutex_);
    const auto before = [](const ForkSafeMutex* a, const ForkSafeMutex* b) { return a->rank_ < b->rank_; };
    list_.insert(std::upper_bound(list_.begin(), list_.end(), mutex, before), mutex);
  }

  void Remove(ForkSafeMutex* mutex) {
    const std::lock_guard lock(mutex_);
    std::erase(list_, mutex);
  }

 private:
  ForkSafeMutexes() {
    const auto prepare = [] { Get().LockAll(); };
    const auto release = [] { Get().UnlockAll(); };
    pthread_atfork(prepare, release, release);
  }

  void LockAll() {
    mutex_.lock();
    for (ForkSafeMutex* mutex : list_) mutex->lock();
  }

  void UnlockAll() {
    for (ForkSafeMutex* mutex : list_) mutex->unlock();
    mutex_.unlock();
  }

  std::mutex mutex_;
  std::vector<ForkSafeMutex*> list_;
};

ForkSafeMutex::ForkSafeMutex(Rank rank) : rank_(rank) { ForkSafeMutexes::Get().Add(this); }

ForkSafeMutex::~ForkSafeMutex() { ForkSafeMutexes::Get().Remove(this); }

}  // namespace quell
