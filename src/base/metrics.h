// Counters of one statement: what it read, wrote, spilled, pruned and asked of S3. Thread-safe, relaxed.
#pragma once

#include <atomic>
#include <cstdint>

namespace quell {

class Counter {
 public:
  void Add(int64_t n) noexcept { value_.fetch_add(n, std::memory_order_relaxed); }
  int64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int64_t> value_{0};
};

// All byte counts are bytes, all row counts rows. Owned by the statement; outlives all that works for it.
struct Metrics {
  Counter rows_read;           // rows that came out of scans, before filters
  Counter rows_returned;       // rows of the result
  Counter rows_written;        // rows in committed data files
  Counter bytes_read;          // bytes fetched from files and objects
  Counter bytes_decompressed;  // bytes of pages after decompression
  Counter bytes_written;       // bytes of files and objects written, the log included
  Counter bytes_spilled;       // bytes written to spill files
  Counter files_read;
  Counter files_pruned;
  Counter row_groups_read;
  Counter row_groups_pruned;
  Counter pages_pruned;
  Counter s3_get;
  Counter s3_head;
  Counter s3_put;  // single and part uploads, create and complete of multipart
  Counter s3_list;
  Counter s3_delete;
};

// Adds all counts of a part of the statement's work to the statement's.
void AddTo(const Metrics& part, Metrics* total);

}  // namespace quell
