// A mutex that outlives statements: of a session, or of the whole process.
#pragma once

#include <cstdint>
#include <mutex>

namespace quell {

// A process may fork while its other threads run statements; Python's multiprocessing does. They do not exist in the
// child, so what they held would stay locked there, half changed. Mutexes of this kind are all taken before a fork and
// given back behind it, on both sides. So whoever holds one must neither fork nor wait for long.
class ForkSafeMutex {
 public:
  // In the order in which they are taken: whoever holds one takes only those that come later.
  enum class Rank : uint8_t { kSession, kConfig, kViews, kTimeZones, kCredentials, kConnections, kProbedStores };

  explicit ForkSafeMutex(Rank rank);
  ~ForkSafeMutex();
  ForkSafeMutex(const ForkSafeMutex&) = delete;
  ForkSafeMutex& operator=(const ForkSafeMutex&) = delete;

  // Named as std::lock_guard wants them.
  void lock() { mutex_.lock(); }      // NOLINT
  void unlock() { mutex_.unlock(); }  // NOLINT

 private:
  friend class ForkSafeMutexes;
  const Rank rank_;
  std::mutex mutex_;
};

}  // namespace quell
