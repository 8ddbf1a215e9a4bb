// Cooperative cancellation of a statement.
#pragma once

#include <atomic>
#include <memory>

namespace quell {

// Shared by everything that works for one statement. Thread-safe; Cancel() may be called from a signal handler.
class CancelToken {
 public:
  void Cancel() noexcept { cancelled_.store(true, std::memory_order_relaxed); }
  bool cancelled() const noexcept { return cancelled_.load(std::memory_order_relaxed); }
  // Throws OPERATION_CANCELED once Cancel() was called. Cheap enough for every batch and every request.
  void ThrowIfCancelled() const;

 private:
  std::atomic<bool> cancelled_{false};
};

using CancelTokenPtr = std::shared_ptr<CancelToken>;

}  // namespace quell
