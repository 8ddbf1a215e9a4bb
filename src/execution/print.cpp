#include <fmt/format.h>

#include "execution/execute.h"
#include "execution/physical/plan.h"

namespace quell::execution {
namespace {

void Append(const PhysicalNode& node, int depth, std::string* out) {
  out->append(static_cast<size_t>(depth) * 2, ' ').append(PrintLine(node)).append("\n");
  for (const PhysicalNodePtr& input : node.inputs()) Append(*input, depth + 1, out);
}

std::string FormatBytes(int64_t bytes) {
  if (bytes < 10 << 10) return fmt::format("{} B", bytes);
  if (bytes < int64_t{10} << 20) return fmt::format("{} KiB", bytes >> 10);
  return fmt::format("{} MiB", bytes >> 20);
}

void Append(const OperatorProfile& profile, int depth, std::string* out) {
  const std::string indent(static_cast<size_t>(depth) * 2, ' ');
  *out += fmt::format("{}{}\n{}  [rows {}, batches {}, time {:.1f} ms", indent, profile.name, indent, profile.rows,
                      profile.batches, profile.wall_seconds * 1e3);
  if (profile.cpu_seconds > 0) *out += fmt::format(", cpu {:.1f} ms", profile.cpu_seconds * 1e3);
  if (profile.peak_memory_bytes > 0) *out += ", memory " + FormatBytes(profile.peak_memory_bytes);
  if (profile.spilled_bytes > 0) *out += ", spilled " + FormatBytes(profile.spilled_bytes);
  *out += "]\n";
  for (const OperatorProfile& input : profile.inputs) Append(input, depth + 1, out);
}

}  // namespace

std::string PrintPhysical(const logical::PlanPtr& plan) {
  std::string out;
  Append(*MakePhysicalPlan(plan), 0, &out);
  return out;
}

std::string ToString(const ExecutionProfile& profile) {
  std::string out = fmt::format("wall {:.1f} ms, cpu {:.1f} ms, {} thread{}\n", profile.wall_seconds * 1e3,
                                profile.cpu_seconds * 1e3, profile.num_threads, profile.num_threads == 1 ? "" : "s");
  Append(profile.root, 0, &out);
  return out;
}

}  // namespace quell::execution
