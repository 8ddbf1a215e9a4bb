// The price table of the cost report. On-demand list prices of AWS us-east-1 in US dollars, without taxes, storage and
// transfer.
#pragma once

#include <span>

namespace quell::cost {

struct MachinePrice {
  const char* name;
  double hourly_usd;
  int vcpus;
  double memory_gib;
  const char* source;
  const char* as_of;  // year-month
};

// Machines that Quell runs on.
std::span<const MachinePrice> Machines();

// Dollars for 1,000 requests.
struct RequestPrices {
  double put_list_usd;  // PUT, COPY, POST, LIST
  double get_head_usd;  // GET, HEAD and all others; DELETE is free
  const char* source;
  const char* as_of;
};
const RequestPrices& S3Requests();

// The cluster that a job is compared with: what a data team would start for it.
struct ClusterPrice {
  const char* machine;
  int machines;               // driver included
  double machine_hourly_usd;  // EC2
  double emr_fee_hourly_usd;  // for each machine
  double dbu_per_hour;        // of each machine, for Databricks jobs compute
  double start_seconds;       // until the first task runs; billed
  const char* source;
  const char* as_of;
};
const ClusterPrice& Cluster();

}  // namespace quell::cost
