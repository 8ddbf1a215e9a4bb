// Partial groups, radix-partitioned by their hashes, in memory or spilled.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/memory_budget.h"
#include "data/column.h"
#include "execution/resources.h"
#include "execution/spill/spill_file.h"

namespace quell::execution {

// Partitions of one level; each level looks at other bits of the hash, the upper ones first.
inline constexpr int kPartitionBits = 5;
inline constexpr int kNumPartitions = 1 << kPartitionBits;
// With more levels, the hash has no bits left.
inline constexpr int kMaxPartitionLevel = 8;

inline int PartitionOf(uint64_t hash, int level) {
  return static_cast<int>(hash >> (64 - kPartitionBits * (level + 1))) & (kNumPartitions - 1);
}

// Written by one thread. When that is done, several threads may read different partitions.
class Partitions {
 public:
  // `schema` is of the partial groups: keys, then states.
  Partitions(Schema schema, const Resources& resources, OperatorCountersPtr counters);

  // Takes groups whose hashes are `hashes`; keeps them in memory if the budget has room, else spills.
  void Append(const Batch& groups, const std::vector<uint64_t>& hashes, int level);
  // Moves all that is in memory to disk.
  void Spill();
  int64_t memory_bytes() const { return reservation_.bytes(); }
  bool is_empty(int partition) const { return parts_[partition].batches.empty() && parts_[partition].blocks.empty(); }

  // Calls f(batch) for all groups of a partition, once; what was read is given back.
  template <typename F>
  void Drain(int partition, F&& f) {
    Part& part = parts_[partition];
    for (Batch& batch : part.batches) f(std::exchange(batch, Batch()));
    part.batches.clear();
    for (const SpillBlock& block : part.blocks) {
      f(file_.Read(block));
      file_.Release(block);
    }
    part.blocks.clear();
  }

 private:
  struct Part {
    std::vector<Batch> batches;
    std::vector<SpillBlock> blocks;
  };

  bool HasRoom(int64_t bytes) const;

  const std::shared_ptr<MemoryBudget> budget_;
  MemoryReservation reservation_;
  SpillFile file_;
  std::array<Part, kNumPartitions> parts_;
};

}  // namespace quell::execution
