#include "storage/stream/range_reader.h"

#include <utility>

#include "base/threads.h"

namespace quell::storage {

namespace {

// More requests at once than this do not make an object store any faster for one machine.
constexpr size_t kMaxThreads = 64;

}  // namespace

RangeReader::~RangeReader() {
  {
    std::lock_guard lock(mutex_);
    is_ending_ = true;
    tasks_.clear();
  }
  changed_.notify_all();
  threads_.clear();
}

RangeReader::Range RangeReader::Start(std::shared_ptr<RandomAccessFile> file, int64_t offset, int64_t bytes) {
  Range result;
  result.wanted_ = std::make_shared<const bool>(true);
  const std::weak_ptr<const bool> wanted = result.wanted_;
  Task task([wanted, file = std::move(file), buffers = buffers_, offset, bytes] {
    if (wanted.expired()) return BufferPtr();
    BufferPtr buffer = buffers->Take(bytes);
    file->ReadAt(offset, {buffer->mutable_data(), static_cast<size_t>(bytes)});
    return buffer;
  });
  result.bytes_ = task.get_future();
  std::unique_lock lock(mutex_);
  if (num_idle_ <= tasks_.size() && threads_.size() < kMaxThreads) {
    threads_.reserve(kMaxThreads);
    if (auto thread = TryStartThread([this] { Work(); })) threads_.push_back(std::move(*thread));
  }
  if (threads_.empty()) {
    lock.unlock();
    task();
    return result;
  }
  tasks_.push_back(std::move(task));
  lock.unlock();
  changed_.notify_one();
  return result;
}

void RangeReader::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    ++num_idle_;
    changed_.wait(lock, [this] { return is_ending_ || !tasks_.empty(); });
    --num_idle_;
    if (tasks_.empty()) return;
    Task task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
    task = {};  // What it refers to goes before this thread sleeps.
    lock.lock();
  }
}

}  // namespace quell::storage
