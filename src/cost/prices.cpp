#include "cost/prices.h"

#include <array>

namespace quell::cost {
namespace {

// The generated price list of karpenter-provider-aws v1.15.1 (Apache-2.0), us-east-1, generated on 2026-07-20.
constexpr const char* kEc2Source = "karpenter-provider-aws v1.15.1, us-east-1 on-demand";
constexpr const char* kEc2Date = "2026-07";

constexpr std::array<MachinePrice, 5> kMachines = {{
    {"t3.micro", 0.0104, 2, 1, kEc2Source, kEc2Date},
    {"t3.small", 0.0208, 2, 2, kEc2Source, kEc2Date},
    {"t4g.small", 0.0168, 2, 2, kEc2Source, kEc2Date},
    {"m7g.large", 0.0816, 2, 8, kEc2Source, kEc2Date},
    {"m5.xlarge", 0.1920, 4, 16, kEc2Source, kEc2Date},
}};

constexpr RequestPrices kS3 = {0.005, 0.0004, "Amazon S3 price list, S3 Standard, us-east-1", "2026-07"};

// EMR's fee for m5.xlarge is its list price; 0.69 DBU an hour is what Databricks' instance table gives for m5.xlarge.
constexpr ClusterPrice kCluster = {
    "m5.xlarge", 3, 0.1920, 0.048, 0.69, 240, "EC2 as above; Amazon EMR and Databricks instance price lists",
    "2026-07"};

}  // namespace

std::span<const MachinePrice> Machines() { return kMachines; }

const RequestPrices& S3Requests() { return kS3; }

const ClusterPrice& Cluster() { return kCluster; }

}  // namespace quell::cost
