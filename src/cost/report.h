// What a run used, and what that costs. One report for each statement, or the sum of a script's.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/metrics.h"

namespace quell::cost {

// Bytes are bytes, times seconds.
struct Usage {
  double wall_seconds = 0;
  double cpu_seconds = 0;         // user and system, of the whole process while the statement ran
  int64_t peak_memory_bytes = 0;  // peak resident memory of the process
  int64_t rows_read = 0;
  int64_t rows_returned = 0;
  int64_t rows_written = 0;
  int64_t bytes_read = 0;
  int64_t bytes_decompressed = 0;
  int64_t bytes_written = 0;
  int64_t bytes_spilled = 0;
  int64_t files_read = 0;
  int64_t files_pruned = 0;
  int64_t row_groups_read = 0;
  int64_t row_groups_pruned = 0;
  int64_t pages_pruned = 0;
  int64_t s3_get = 0;
  int64_t s3_head = 0;
  int64_t s3_put = 0;
  int64_t s3_list = 0;
  int64_t s3_delete = 0;

  void Add(const Usage& other);
};

struct Report {
  std::string statement;
  Usage usage;
  std::vector<std::string> warnings = {};  // what was said before it ran
  // Where the statement ran, "sc://host:15002", if not in this process. Of its usage only the wall time and the rows
  // that came back are known then, and no cost.
  std::string remote = {};

  bool is_remote() const { return !remote.empty(); }
};

// Measures the process from construction to Finish().
class Meter {
 public:
  Meter();
  Usage Finish(const Metrics& metrics) const;

 private:
  double start_wall_;
  double start_cpu_;
};

// Peak resident memory of this process in bytes.
int64_t PeakResidentBytes();

// A line of the cost table: the same run on one kind of machine, or cluster.
struct CostLine {
  std::string machine;  // "m5.xlarge", "3 x m5.xlarge, Spark on EMR"
  double hourly_usd = 0;
  double seconds = 0;  // billed: start-up included
  double compute_usd = 0;
  double requests_usd = 0;  // of S3
  double total_usd() const { return compute_usd + requests_usd; }
};

// Cost by the price table (prices.cpp: each price with source and date). The formula: seconds / 3600 * hourly price *
// machines, plus S3 requests by kind / 1000 * their price. `dbu_usd` is the user's price of a Databricks unit.
std::vector<CostLine> Price(const Usage& usage, double dbu_usd);

// The report as JSON, usage and costs. What is not known of a statement that ran elsewhere is left out.
std::string ToJson(const std::vector<Report>& reports, double dbu_usd);
// A few lines for a person.
std::string ToText(const Report& report, double dbu_usd);

}  // namespace quell::cost
