#include "base/memory_pool.h"

#include <atomic>

namespace quell {
namespace {

std::atomic<arrow::MemoryPool*> chosen_pool{nullptr};

}  // namespace

arrow::MemoryPool* EnginePool() {
  arrow::MemoryPool* pool = chosen_pool.load(std::memory_order_relaxed);
  return pool ? pool : arrow::default_memory_pool();
}

void UseForkSafePool() {
  arrow::MemoryPool* pool = nullptr;
  if (!arrow::jemalloc_memory_pool(&pool).ok()) pool = arrow::system_memory_pool();
  chosen_pool.store(pool, std::memory_order_relaxed);
}

}  // namespace quell
