#include "storage/stream/read_buffers.h"

#include <algorithm>
#include <utility>

#include "base/arrow_result.h"
#include "base/error_classes.h"
#include "base/memory_pool.h"

namespace quell::storage {

namespace {

// Column chunks of one column are of about one size: rounded up, one's memory suits the next.
constexpr int64_t kGranule = 256 << 10;
// Free memory that is kept: the windows of a wide row group.
constexpr int64_t kMaxFreeBytes = 32 << 20;

}  // namespace

std::shared_ptr<arrow::Buffer> ReadBuffers::Take(int64_t bytes) {
  std::unique_ptr<arrow::Buffer> memory;
  {
    std::lock_guard lock(mutex_);
    const auto suits = [&](const auto& free) { return free->size() >= bytes && free->size() <= 2 * bytes + kGranule; };
    if (const auto found = std::find_if(free_.begin(), free_.end(), suits); found != free_.end()) {
      memory = std::move(*found);
      free_.erase(found);
      free_bytes_ -= memory->size();
    }
  }
  if (!memory) {
    const int64_t rounded = (bytes + kGranule - 1) / kGranule * kGranule;
    memory = Unwrap(arrow::AllocateBuffer(rounded, EnginePool()), error_class::kOutOfMemory, "allocate a read window");
  }
  const std::shared_ptr<arrow::Buffer> whole(memory.release(), [owner = weak_from_this()](arrow::Buffer* used) {
    std::unique_ptr<arrow::Buffer> returned(used);
    if (const auto buffers = owner.lock()) buffers->GiveBack(std::move(returned));
  });
  return arrow::SliceMutableBuffer(whole, 0, bytes);
}

void ReadBuffers::GiveBack(std::unique_ptr<arrow::Buffer> memory) {
  std::lock_guard lock(mutex_);
  if (free_bytes_ + memory->size() > kMaxFreeBytes) return;
  free_bytes_ += memory->size();
  free_.push_back(std::move(memory));
}

}  // namespace quell::storage
