#include <algorithm>

#include "cost/prices.h"
#include "cost/report.h"

namespace quell::cost {
namespace {

// EC2 bills by the second, and at least a minute.
constexpr double kMinimumBilledSeconds = 60;

// CPU seconds that Spark spends for one of ours on the main job; `./dev bench main-job --spark` measures it.
constexpr double kSparkCpuRatio = 15;

// Share of a cluster's cores that a job keeps busy; the rest waits for stragglers, shuffles and the driver.
constexpr double kClusterUtilization = 0.7;

double RequestsUsd(const Usage& usage) {
  const RequestPrices& prices = S3Requests();
  return static_cast<double>(usage.s3_put + usage.s3_list) / 1000 * prices.put_list_usd +
         static_cast<double>(usage.s3_get + usage.s3_head) / 1000 * prices.get_head_usd;
}

// The run took `wall_seconds` here; on a machine of `vcpus` it takes at least its CPU seconds spread over them.
double SecondsOn(const Usage& usage, int vcpus) { return std::max(usage.wall_seconds, usage.cpu_seconds / vcpus); }

CostLine ClusterLine(const Usage& usage, const char* name, double hourly_usd_each) {
  const ClusterPrice& cluster = Cluster();
  constexpr int kVcpus = 4;
  const int workers = cluster.machines - 1;
  const double work = usage.cpu_seconds * kSparkCpuRatio / (workers * kVcpus * kClusterUtilization);
  CostLine line;
  line.machine = name;
  line.hourly_usd = hourly_usd_each * cluster.machines;
  line.seconds = cluster.start_seconds + work;
  line.compute_usd = line.seconds / 3600 * line.hourly_usd;
  line.requests_usd = RequestsUsd(usage);
  return line;
}

}  // namespace

std::vector<CostLine> Price(const Usage& usage, double dbu_usd) {
  std::vector<CostLine> lines;
  for (const MachinePrice& machine : Machines()) {
    CostLine line;
    line.machine = machine.name;
    line.hourly_usd = machine.hourly_usd;
    line.seconds = std::max(SecondsOn(usage, machine.vcpus), kMinimumBilledSeconds);
    line.compute_usd = line.seconds / 3600 * line.hourly_usd;
    line.requests_usd = RequestsUsd(usage);
    lines.push_back(line);
  }
  const ClusterPrice& cluster = Cluster();
  const double emr = cluster.machine_hourly_usd + cluster.emr_fee_hourly_usd;
  const double databricks = cluster.machine_hourly_usd + cluster.dbu_per_hour * dbu_usd;
  lines.push_back(ClusterLine(usage, "3 x m5.xlarge, Spark on EMR", emr));
  lines.push_back(ClusterLine(usage, "3 x m5.xlarge, Databricks jobs", databricks));
  return lines;
}

}  // namespace quell::cost
