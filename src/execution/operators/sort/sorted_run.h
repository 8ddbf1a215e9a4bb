// Rows in order: in memory, or on disk.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "base/memory_budget.h"
#include "data/column.h"
#include "execution/byte_arena.h"
#include "execution/spill/spill_file.h"

namespace quell::execution {

using BatchPtr = std::shared_ptr<const Batch>;

// The encoded keys of a row. Most comparisons end in the first bytes, which are at hand as numbers: enough for two
// BIGINTs.
struct SortKeyBytes {
  std::array<uint64_t, 3> words = {};
  const uint8_t* bytes = nullptr;
  uint32_t size = 0;

  static SortKeyBytes Of(const uint8_t* bytes, uint32_t size) {
    SortKeyBytes key{{}, bytes, size};
    for (uint32_t i = 0; i < key.words.size() && size > i * kWord; ++i) {
      key.words[i] = Word(bytes + i * kWord, size - i * kWord);
    }
    return key;
  }
  // Negative, 0 or positive.
  int Compare(const SortKeyBytes& other) const {
    for (size_t i = 0; i < words.size(); ++i) {
      if (words[i] != other.words[i]) return words[i] < other.words[i] ? -1 : 1;
    }
    const uint32_t common = size < other.size ? size : other.size;
    const int order = common > kWords ? std::memcmp(bytes + kWords, other.bytes + kWords, common - kWords) : 0;
    return order != 0 ? order : static_cast<int>(size > other.size) - static_cast<int>(size < other.size);
  }

 private:
  static constexpr uint32_t kWord = sizeof(uint64_t);
  static constexpr uint32_t kWords = 3 * kWord;

  // The next 8 bytes, or what there is of them and zeros, as a number in the same order.
  static uint64_t Word(const uint8_t* bytes, uint32_t size) {
    uint64_t word = 0;
    std::memcpy(&word, bytes, size < kWord ? size : kWord);
    return __builtin_bswap64(word);
  }
};

// A run in memory. Its chunks hold the rows in arrival order.
struct MemoryRun {
  struct Entry {
    SortKeyBytes key;
    uint32_t chunk;
    uint32_t row;
  };
  explicit MemoryRun(std::shared_ptr<MemoryBudget> budget) : reservation(std::move(budget), "sort") {}

  MemoryReservation reservation;
  std::vector<BatchPtr> chunks;
  ByteArena keys;
  std::vector<Entry> entries;
};

// A run on disk: batches in order; their last column, BINARY, is the keys.
struct SpilledRun {
  std::shared_ptr<SpillFile> file;
  std::vector<SpillBlock> blocks;
};

// Goes through a run from its first row to its last. Not thread-safe.
class RunCursor {
 public:
  virtual ~RunCursor() = default;
  virtual bool at_end() const = 0;
  virtual const SortKeyBytes& key() const = 0;
  // The batch that holds the current row, and its place there. The batch outlives the cursor's moving on.
  virtual const BatchPtr& batch() const = 0;
  virtual int32_t row() const = 0;
  virtual void Advance() = 0;
};

std::unique_ptr<RunCursor> MakeCursor(std::shared_ptr<const MemoryRun> run);
std::unique_ptr<RunCursor> MakeCursor(SpilledRun run);

// Collects rows from several batches into one, in the order they are added.
class RowGatherer {
 public:
  // `num_columns` of the batches are gathered.
  explicit RowGatherer(Schema schema) : schema_(std::move(schema)) {}
  void Add(const BatchPtr& batch, int32_t row);
  int64_t num_rows() const { return static_cast<int64_t>(places_.size()); }
  // The rows; then there are none.
  Batch Finish();

 private:
  struct Place {
    uint32_t batch;
    int32_t index;  // within what is taken of the batch
  };
  const Schema schema_;
  std::vector<BatchPtr> batches_;
  std::vector<std::vector<int32_t>> rows_;  // to take of each
  std::vector<Place> places_;
  uint32_t last_batch_ = 0;
};

}  // namespace quell::execution
