#include "cost/report.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <string>

#include <sys/resource.h>

namespace quell::cost {
namespace {

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return Seconds(usage.ru_utime) + Seconds(usage.ru_stime);
}

double WallSeconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

// getrusage would answer for the process that forked this one, too; VmHWM begins anew with the program.
int64_t PeakResidentBytes() {
  std::ifstream status("/proc/self/status");
  std::string word;
  int64_t kib = 0;
  while (status >> word) {
    if (word == "VmHWM:" && status >> kib) break;
  }
  return kib * 1024;
}

Meter::Meter() : start_wall_(WallSeconds()), start_cpu_(CpuSeconds()) {}

Usage Meter::Finish(const Metrics& metrics) const {
  Usage usage;
  usage.wall_seconds = WallSeconds() - start_wall_;
  usage.cpu_seconds = CpuSeconds() - start_cpu_;
  usage.peak_memory_bytes = PeakResidentBytes();
  usage.rows_read = metrics.rows_read.value();
  usage.rows_returned = metrics.rows_returned.value();
  usage.rows_written = metrics.rows_written.value();
  usage.bytes_read = metrics.bytes_read.value();
  usage.bytes_decompressed = metrics.bytes_decompressed.value();
  usage.bytes_written = metrics.bytes_written.value();
  usage.bytes_spilled = metrics.bytes_spilled.value();
  usage.files_read = metrics.files_read.value();
  usage.files_pruned = metrics.files_pruned.value();
  usage.row_groups_read = metrics.row_groups_read.value();
  usage.row_groups_pruned = metrics.row_groups_pruned.value();
  usage.pages_pruned = metrics.pages_pruned.value();
  usage.s3_get = metrics.s3_get.value();
  usage.s3_head = metrics.s3_head.value();
  usage.s3_put = metrics.s3_put.value();
  usage.s3_list = metrics.s3_list.value();
  usage.s3_delete = metrics.s3_delete.value();
  return usage;
}

void Usage::Add(const Usage& other) {
  wall_seconds += other.wall_seconds;
  cpu_seconds += other.cpu_seconds;
  peak_memory_bytes = std::max(peak_memory_bytes, other.peak_memory_bytes);
  rows_read += other.rows_read;
  rows_returned += other.rows_returned;
  rows_written += other.rows_written;
  bytes_read += other.bytes_read;
  bytes_decompressed += other.bytes_decompressed;
  bytes_written += other.bytes_written;
  bytes_spilled += other.bytes_spilled;
  files_read += other.files_read;
  files_pruned += other.files_pruned;
  row_groups_read += other.row_groups_read;
  row_groups_pruned += other.row_groups_pruned;
  pages_pruned += other.pages_pruned;
  s3_get += other.s3_get;
  s3_head += other.s3_head;
  s3_put += other.s3_put;
  s3_list += other.s3_list;
  s3_delete += other.s3_delete;
}

}  // namespace quell::cost
