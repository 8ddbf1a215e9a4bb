#include "execution/execute.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "execution/physical/plan.h"
#include "execution/pipeline_builder.h"
#include "execution/run_pipeline.h"

namespace quell::execution {
namespace {

ScanProfile ToProfile(const Metrics& scan) {
  return {.files = scan.files_read.value(),
          .files_pruned = scan.files_pruned.value(),
          .row_groups = scan.row_groups_read.value(),
          .row_groups_pruned = scan.row_groups_pruned.value(),
          .pages_pruned = scan.pages_pruned.value(),
          .rows = scan.rows_read.value(),
          .bytes = scan.bytes_read.value(),
          .bytes_decompressed = scan.bytes_decompressed.value()};
}

OperatorProfile ToProfile(const ProfileNode& node) {
  const OperatorCounters& counters = *node.counters;
  OperatorProfile profile{.name = node.name,
                          .rows = counters.rows.value(),
                          .batches = counters.batches.value(),
                          .bytes = counters.bytes.value(),
                          .wall_seconds = static_cast<double>(counters.wall_ns.value()) / 1e9,
                          .cpu_seconds = static_cast<double>(counters.cpu_ns.value()) / 1e9,
                          .peak_memory_bytes = counters.peak_memory_bytes.value(),
                          .spilled_bytes = counters.spilled_bytes.value()};
  if (node.is_scan) profile.scan = ToProfile(counters.scan);
  for (const ProfileNodePtr& input : node.inputs) profile.inputs.push_back(ToProfile(*input));
  return profile;
}

void RunAll(PipelinePlan* plan, const Resources& resources, ExecutionProfile* profile) {
  for (Pipeline& next : plan->pipelines) {
    // What a pipeline has used up is freed before the next begins.
    const Pipeline pipeline = std::move(next);
    const PipelineRun run = RunPipeline(pipeline, resources);
    profile->num_threads = std::max(profile->num_threads, run.num_threads);
    profile->cpu_seconds += run.cpu_seconds;
  }
}

}  // namespace

ExecutionProfile Execute(const logical::PlanPtr& plan, const ExecutionContext& context, ResultSink& sink) {
  const auto begin = std::chrono::steady_clock::now();
  const auto resources = std::make_shared<const Resources>(context);
  ExecutionProfile profile;
  PipelinePlan pipelines = BuildPipelines(MakePhysicalPlan(plan), resources, &sink);
  RunAll(&pipelines, *resources, &profile);
  if (pipelines.write) profile.commit = pipelines.write->commit();
  profile.root = ToProfile(*pipelines.profile);
  profile.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return profile;
}

}  // namespace quell::execution
