// The hard memory limit of a session, and the reservations that operators take from it.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>

namespace quell {

class MemoryReservation;

// Something that can give memory back by spilling. Registered with a budget for the time of its life.
class Spillable {
 public:
  virtual ~Spillable() = default;
  // Bytes that a call of Spill() could free now; 0 when there is nothing to spill. Called under the budget's lock,
  // so it only reads an atomic.
  virtual int64_t spillable_bytes() const = 0;
  // Asks the owner to spill at its next safe point (its thread looks at `spill_requested` at each batch). Never blocks.
  virtual void RequestSpill() = 0;
};

// Thread-safe. Bytes reserved never exceed `limit_bytes`, but for the small overdraft of ForceGrow.
class MemoryBudget {
 public:
  explicit MemoryBudget(int64_t limit_bytes) : limit_bytes_(limit_bytes) {}

  int64_t limit_bytes() const { return limit_bytes_; }
  int64_t reserved_bytes() const;
  int64_t peak_bytes() const;

  void Register(Spillable* spillable);
  void Unregister(Spillable* spillable);

 private:
  friend class MemoryReservation;
  // Takes `bytes` if they fit. If not, asks the largest registered spillables to spill and returns false: the caller
  // spills what it holds itself and tries again, or waits.
  bool TryTake(int64_t bytes);
  void Take(int64_t bytes);
  void Give(int64_t bytes);

  const int64_t limit_bytes_;
  mutable std::mutex mutex_;
  int64_t reserved_ = 0;
  int64_t peak_ = 0;
  std::list<Spillable*> spillables_;
};

// Memory held by one operator instance. Not thread-safe; gives all back when destroyed.
class MemoryReservation {
 public:
  MemoryReservation(std::shared_ptr<MemoryBudget> budget, std::string owner)
      : budget_(std::move(budget)), owner_(std::move(owner)) {}
  ~MemoryReservation() { Resize(0); }
  MemoryReservation(const MemoryReservation&) = delete;
  MemoryReservation& operator=(const MemoryReservation&) = delete;

  int64_t bytes() const { return bytes_; }
  int64_t peak_bytes() const { return peak_; }
  // Grows or shrinks to `bytes`; false, with nothing changed, when the budget has no room.
  [[nodiscard]] bool TryResize(int64_t bytes);
  // Like TryResize, but goes over the limit where it must: for the least that an operator needs in order to spill.
  void ForceResize(int64_t bytes);
  // Shrinks to `bytes`, or throws UNABLE_TO_ACQUIRE_MEMORY that names owner, wish and limit.
  void Resize(int64_t bytes);

 private:
  std::shared_ptr<MemoryBudget> budget_;
  std::string owner_;
  int64_t bytes_ = 0;
  int64_t peak_ = 0;
};

}  // namespace quell
