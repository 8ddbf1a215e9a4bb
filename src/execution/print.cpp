#include <fmt/format.h>

#include "base/counted.h"
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

// What was left out is told only where there is some.
std::string ReadAndPruned(const char* what, int64_t read, int64_t pruned) {
  const std::string text = fmt::format("{} {}", what, read);
  return pruned > 0 ? text + fmt::format(" (pruned {})", pruned) : text;
}

std::string Print(const ScanProfile& scan) {
  std::string text = ReadAndPruned("files", scan.files, scan.files_pruned);
  if (scan.row_groups > 0 || scan.row_groups_pruned > 0)
    text += ", " + ReadAndPruned("row groups", scan.row_groups, scan.row_groups_pruned);
  if (scan.pages_pruned > 0) text += fmt::format(", pages pruned {}", scan.pages_pruned);
  text += fmt::format(", rows {}, read {}", scan.rows, FormatBytes(scan.bytes));
  if (scan.bytes_decompressed > 0) text += ", decompressed " + FormatBytes(scan.bytes_decompressed);
  return text;
}

void Append(const OperatorProfile& profile, int depth, std::string* out) {
  const std::string indent(static_cast<size_t>(depth) * 2, ' ');
  *out += fmt::format("{}{}\n{}  [rows {}, batches {}, bytes {}, time {:.1f} ms", indent, profile.name, indent,
                      profile.rows, profile.batches, FormatBytes(profile.bytes), profile.wall_seconds * 1e3);
  if (profile.cpu_seconds > 0) *out += fmt::format(", cpu {:.1f} ms", profile.cpu_seconds * 1e3);
  if (profile.peak_memory_bytes > 0) *out += ", memory " + FormatBytes(profile.peak_memory_bytes);
  if (profile.spilled_bytes > 0) *out += ", spilled " + FormatBytes(profile.spilled_bytes);
  *out += "]\n";
  if (profile.scan) *out += fmt::format("{}  [{}]\n", indent, Print(*profile.scan));
  for (const OperatorProfile& input : profile.inputs) Append(input, depth + 1, out);
}

}  // namespace

std::string PrintPhysical(const logical::PlanPtr& plan) {
  std::string out;
  Append(*MakePhysicalPlan(plan), 0, &out);
  return out;
}

std::string ToString(const ExecutionProfile& profile) {
  std::string out = fmt::format("wall {:.1f} ms, cpu {:.1f} ms, {}\n", profile.wall_seconds * 1e3,
                                profile.cpu_seconds * 1e3, Counted(profile.num_threads, "thread"));
  Append(profile.root, 0, &out);
  return out;
}

}  // namespace quell::execution
