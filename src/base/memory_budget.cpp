#include "base/memory_budget.h"

#include <algorithm>

#include "base/error_classes.h"

namespace quell {

int64_t MemoryBudget::reserved_bytes() const {
  std::lock_guard lock(mutex_);
  return reserved_;
}

int64_t MemoryBudget::peak_bytes() const {
  std::lock_guard lock(mutex_);
  return peak_;
}

void MemoryBudget::Register(Spillable* spillable) {
  std::lock_guard lock(mutex_);
  spillables_.push_back(spillable);
}

void MemoryBudget::Unregister(Spillable* spillable) {
  std::lock_guard lock(mutex_);
  spillables_.remove(spillable);
}

bool MemoryBudget::TryTake(int64_t bytes) {
  std::lock_guard lock(mutex_);
  if (reserved_ + bytes <= limit_bytes_) {
    reserved_ += bytes;
    peak_ = std::max(peak_, reserved_);
    return true;
  }
  // The largest holder frees the most with the fewest spill files.
  const auto largest = std::max_element(spillables_.begin(), spillables_.end(), [](Spillable* a, Spillable* b) {
    return a->spillable_bytes() < b->spillable_bytes();
  });
  if (largest != spillables_.end() && (*largest)->spillable_bytes() > 0) (*largest)->RequestSpill();
  return false;
}

void MemoryBudget::Take(int64_t bytes) {
  std::lock_guard lock(mutex_);
  reserved_ += bytes;
  peak_ = std::max(peak_, reserved_);
}

void MemoryBudget::Give(int64_t bytes) {
  std::lock_guard lock(mutex_);
  reserved_ -= bytes;
}

bool MemoryReservation::TryResize(int64_t bytes) {
  if (bytes > bytes_ && !budget_->TryTake(bytes - bytes_)) return false;
  if (bytes < bytes_) budget_->Give(bytes_ - bytes);
  bytes_ = bytes;
  peak_ = std::max(peak_, bytes_);
  return true;
}

void MemoryReservation::ForceResize(int64_t bytes) {
  if (bytes > bytes_) {
    budget_->Take(bytes - bytes_);
    bytes_ = bytes;
    peak_ = std::max(peak_, bytes_);
  } else {
    Resize(bytes);
  }
}

void MemoryReservation::Resize(int64_t bytes) {
  if (TryResize(bytes)) return;
  throw Error(error_class::kOutOfMemory,
              "{} needs {} bytes more, but {} of quell.memory.limit = {} bytes are taken; raise the limit", owner_,
              bytes - bytes_, budget_->reserved_bytes(), budget_->limit_bytes());
}

}  // namespace quell
