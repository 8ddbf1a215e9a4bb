// Cuts a physical plan into pipelines.
#pragma once

#include <memory>
#include <vector>

#include "execution/operators/write/write.h"
#include "execution/physical/node.h"
#include "execution/pipeline.h"
#include "execution/resources.h"

namespace quell::execution {

// The counters of a physical operator, in the shape of the plan.
struct ProfileNode {
  std::string name;
  bool is_scan = false;
  OperatorCountersPtr counters = std::make_shared<OperatorCounters>();
  std::vector<std::shared_ptr<ProfileNode>> inputs = {};
};
using ProfileNodePtr = std::shared_ptr<ProfileNode>;

struct PipelinePlan {
  std::vector<Pipeline> pipelines;  // each after those that it depends on
  ProfileNodePtr profile;
  std::shared_ptr<WriteState> write;  // nullptr for a plan that gives rows
};

PipelinePlan BuildPipelines(const PhysicalNodePtr& plan, const ResourcesPtr& resources, ResultSink* sink);

}  // namespace quell::execution
