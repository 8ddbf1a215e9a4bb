#include "execution/pipeline_builder.h"

#include "base/check.h"
#include "execution/operators/aggregate/aggregate.h"
#include "execution/operators/filter/filter.h"
#include "execution/operators/limit/limit.h"
#include "execution/operators/project/expand.h"
#include "execution/operators/project/project.h"
#include "execution/operators/range/range.h"
#include "execution/operators/result.h"
#include "execution/operators/scan/scan.h"
#include "execution/operators/scan/text_scan.h"
#include "execution/operators/sort/sort.h"
#include "execution/operators/values/values.h"

namespace quell::execution {
namespace {

template <typename T>
std::shared_ptr<const T> Share(const PhysicalNodePtr& node) {
  return std::static_pointer_cast<const T>(node);
}

class PipelineBuilder {
 public:
  explicit PipelineBuilder(ResourcesPtr resources) : resources_(std::move(resources)) {}

  // The ways in which the rows of `node` come. Pipelines that must run before are added to pipelines().
  std::vector<Fragment> Build(const PhysicalNodePtr& node, ProfileNode* profile) {
    profile->name = PrintLine(*node);
    profile->is_scan = node->kind() == PhysicalNode::Kind::kScan;
    switch (node->kind()) {
      case PhysicalNode::Kind::kScan: return BuildScan(Share<ScanNode>(node), *profile);
      case PhysicalNode::Kind::kValues:
        return From(std::make_shared<ValuesState>(Share<ValuesNode>(node), resources_->context.batch_rows), *profile);
      case PhysicalNode::Kind::kRange:
        return From(std::make_shared<RangeState>(node->As<RangeNode>(), resources_->context.batch_rows), *profile);
      case PhysicalNode::Kind::kProject:
        return Apply(node, profile,
                     [project = Share<ProjectNode>(node)] { return std::make_unique<ProjectTransform>(*project); });
      case PhysicalNode::Kind::kFilter:
        return Apply(node, profile,
                     [filter = Share<FilterNode>(node)] { return std::make_unique<FilterTransform>(*filter); });
      case PhysicalNode::Kind::kExpand:
        return Apply(node, profile,
                     [expand = Share<ExpandNode>(node)] { return std::make_unique<ExpandTransform>(*expand); });
      case PhysicalNode::Kind::kLimit: return BuildLimit(node, profile);
      case PhysicalNode::Kind::kAggregate: return BuildBreaker<AggregateState, AggregateNode>(node, profile);
      case PhysicalNode::Kind::kSort: return BuildBreaker<SortState, SortNode>(node, profile);
      case PhysicalNode::Kind::kUnion: return BuildUnion(node, profile);
      case PhysicalNode::Kind::kWrite: break;  // only at the root
    }
    QUELL_CHECK(false);
    return {};
  }

  std::vector<Fragment> BuildInput(const PhysicalNodePtr& input, ProfileNode* profile) {
    profile->inputs.push_back(std::make_shared<ProfileNode>());
    return Build(input, profile->inputs.back().get());
  }

  void AddPipeline(std::vector<Fragment> fragments, std::shared_ptr<SharedSink> sink, OperatorCountersPtr counters) {
    pipelines_.push_back({std::move(fragments), std::move(sink), std::move(counters)});
  }
  std::vector<Pipeline> TakePipelines() { return std::move(pipelines_); }

 private:
  static std::vector<Fragment> From(std::shared_ptr<SharedSource> source, const ProfileNode& profile) {
    return {Fragment{std::move(source), profile.counters}};
  }

  std::vector<Fragment> Apply(const PhysicalNodePtr& node, ProfileNode* profile, const MakeTransform& make) {
    std::vector<Fragment> fragments = BuildInput(node->inputs()[0], profile);
    for (Fragment& fragment : fragments) fragment.steps.push_back({make, profile->counters});
    return fragments;
  }

  std::vector<Fragment> BuildScan(const std::shared_ptr<const ScanNode>& scan, const ProfileNode& profile) {
    std::shared_ptr<SharedSource> source;
    if (scan->table->format() == catalog::FileFormat::kParquet) {
      source = std::make_shared<ScanState>(scan, resources_, profile.counters);
    } else {
      source = std::make_shared<TextScanState>(scan, resources_, profile.counters);
    }
    std::vector<Fragment> fragments = From(std::move(source), profile);
    // The limit of a scan is a hint: rows in excess do no harm, and a flag stops the threads.
    if (scan->limit) AddLimit(*scan->limit, 0, std::make_shared<OperatorCounters>(), &fragments);
    return fragments;
  }

  static void AddLimit(std::optional<int64_t> limit, int64_t offset, const OperatorCountersPtr& counters,
                       std::vector<Fragment>* fragments) {
    const auto rows_seen = std::make_shared<RowCounter>(0);
    const auto stop = std::make_shared<std::atomic<bool>>(false);
    for (Fragment& fragment : *fragments) {
      fragment.stop_flags.push_back(stop);
      fragment.steps.push_back(
          {[=] { return std::make_unique<LimitTransform>(limit, offset, rows_seen, stop); }, counters});
    }
  }

  std::vector<Fragment> BuildLimit(const PhysicalNodePtr& node, ProfileNode* profile) {
    std::vector<Fragment> fragments = BuildInput(node->inputs()[0], profile);
    AddLimit(node->As<LimitNode>().limit, node->As<LimitNode>().offset, profile->counters, &fragments);
    return fragments;
  }

  template <typename State, typename Node>
  std::vector<Fragment> BuildBreaker(const PhysicalNodePtr& node, ProfileNode* profile) {
    std::vector<Fragment> fragments = BuildInput(node->inputs()[0], profile);
    auto state = std::make_shared<State>(Share<Node>(node), resources_, profile->counters);
    AddPipeline(std::move(fragments), state, profile->counters);
    return From(std::move(state), *profile);
  }

  std::vector<Fragment> BuildUnion(const PhysicalNodePtr& node, ProfileNode* profile) {
    std::vector<Fragment> fragments;
    for (const PhysicalNodePtr& input : node->inputs()) {
      for (Fragment& fragment : BuildInput(input, profile)) fragments.push_back(std::move(fragment));
    }
    return fragments;
  }

  const ResourcesPtr resources_;
  std::vector<Pipeline> pipelines_;
};

}  // namespace

PipelinePlan BuildPipelines(const PhysicalNodePtr& plan, const ResourcesPtr& resources, ResultSink* sink) {
  PipelineBuilder builder(resources);
  PipelinePlan result;
  result.profile = std::make_shared<ProfileNode>();
  if (plan->kind() == PhysicalNode::Kind::kWrite) {
    result.profile->name = PrintLine(*plan);
    const OperatorCountersPtr& counters = result.profile->counters;
    result.write = std::make_shared<WriteState>(plan->As<WriteNode>(), resources, counters);
    if (!result.write->is_needed()) return result;
    std::vector<Fragment> fragments = builder.BuildInput(plan->inputs()[0], result.profile.get());
    builder.AddPipeline(std::move(fragments), result.write, counters);
  } else {
    std::vector<Fragment> fragments = builder.Build(plan, result.profile.get());
    builder.AddPipeline(std::move(fragments), std::make_shared<ResultState>(sink),
                        std::make_shared<OperatorCounters>());
  }
  result.pipelines = builder.TakePipelines();
  return result;
}

}  // namespace quell::execution
