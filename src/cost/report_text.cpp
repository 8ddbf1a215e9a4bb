#include <fmt/format.h>

#include "base/byte_size.h"
#include "base/counted.h"
#include "base/json_writer.h"
#include "cost/prices.h"
#include "cost/report.h"

namespace quell::cost {
namespace {

constexpr const char* kFormula =
    "machine: max(wall, cpu / vcpus, 60 s) / 3600 x hourly price; cluster: (start + cpu x 15 / (8 vcpus x 0.7)) / 3600 "
    "x "
    "3 machines; both: + S3 requests / 1000 x price";

void AppendUsage(const Usage& usage, JsonWriter* out) {
  out->BeginObject();
  out->Key("wall_seconds").Double(usage.wall_seconds);
  out->Key("cpu_seconds").Double(usage.cpu_seconds);
  const std::pair<const char*, int64_t> counts[] = {
      {"peak_memory_bytes", usage.peak_memory_bytes},
      {"rows_read", usage.rows_read},
      {"rows_returned", usage.rows_returned},
      {"rows_written", usage.rows_written},
      {"bytes_read", usage.bytes_read},
      {"bytes_decompressed", usage.bytes_decompressed},
      {"bytes_written", usage.bytes_written},
      {"bytes_spilled", usage.bytes_spilled},
      {"files_read", usage.files_read},
      {"files_pruned", usage.files_pruned},
      {"row_groups_read", usage.row_groups_read},
      {"row_groups_pruned", usage.row_groups_pruned},
      {"pages_pruned", usage.pages_pruned},
      {"s3_get", usage.s3_get},
      {"s3_head", usage.s3_head},
      {"s3_put", usage.s3_put},
      {"s3_list", usage.s3_list},
      {"s3_delete", usage.s3_delete},
  };
  for (const auto& [name, count] : counts) out->Key(name).Int(count);
  out->EndObject();
}

void AppendRemoteUsage(const Usage& usage, JsonWriter* out) {
  out->BeginObject().Key("wall_seconds").Double(usage.wall_seconds);
  out->Member("rows_returned", usage.rows_returned).EndObject();
}

void AppendCosts(const Usage& usage, double dbu_usd, JsonWriter* out) {
  out->BeginArray();
  for (const CostLine& line : Price(usage, dbu_usd)) {
    out->BeginObject();
    out->Key("machine").String(line.machine);
    out->Key("hourly_usd").Double(line.hourly_usd);
    out->Key("seconds").Double(line.seconds);
    out->Key("compute_usd").Double(line.compute_usd);
    out->Key("requests_usd").Double(line.requests_usd);
    out->Key("total_usd").Double(line.total_usd());
    out->EndObject();
  }
  out->EndArray();
}

void AppendSources(JsonWriter* out) {
  out->BeginArray();
  for (const MachinePrice& machine : Machines()) {
    out->String(fmt::format("{}: {} ({})", machine.name, machine.source, machine.as_of));
  }
  out->String(fmt::format("S3 requests: {} ({})", S3Requests().source, S3Requests().as_of));
  out->String(fmt::format("cluster: {} ({})", Cluster().source, Cluster().as_of));
  out->EndArray();
}

}  // namespace

std::string ToJson(const std::vector<Report>& reports, double dbu_usd) {
  Usage total;
  bool is_remote = false;
  JsonWriter out;
  out.BeginObject().Key("statements").BeginArray();
  for (const Report& report : reports) {
    total.Add(report.usage);
    is_remote |= report.is_remote();
    out.BeginObject().Member("statement", report.statement).Key("warnings").BeginArray();
    for (const std::string& warning : report.warnings) out.String(warning);
    out.EndArray();
    if (report.is_remote()) out.Member("remote", report.remote);
    out.Key("usage");
    report.is_remote() ? AppendRemoteUsage(report.usage, &out) : AppendUsage(report.usage, &out);
    out.EndObject();
  }
  out.EndArray().Key("usage");
  if (is_remote) {
    AppendRemoteUsage(total, &out);
    return out.EndObject().Take();
  }
  AppendUsage(total, &out);
  out.Key("costs");
  AppendCosts(total, dbu_usd, &out);
  out.Key("formula").String(kFormula).Key("sources");
  AppendSources(&out);
  out.EndObject();
  return out.Take();
}

std::string ToText(const Report& report, double dbu_usd) {
  const Usage& usage = report.usage;
  if (report.is_remote()) return fmt::format("used: {:.3f} s wall, on {}\n", usage.wall_seconds, report.remote);
  std::string text = fmt::format("used: {:.3f} s wall, {:.3f} s CPU, peak memory {}\n", usage.wall_seconds,
                                 usage.cpu_seconds, FormatByteSize(usage.peak_memory_bytes));
  text += fmt::format("read: {}, {}, {} decompressed; {} ({} pruned), {} ({} pruned)\n",
                      Counted(usage.rows_read, "row"), FormatByteSize(usage.bytes_read),
                      FormatByteSize(usage.bytes_decompressed), Counted(usage.files_read, "file"), usage.files_pruned,
                      Counted(usage.row_groups_read, "row group"), usage.row_groups_pruned);
  if (usage.rows_written > 0) {
    text += fmt::format("wrote: {}, {}\n", Counted(usage.rows_written, "row"), FormatByteSize(usage.bytes_written));
  }
  if (usage.bytes_spilled > 0) text += fmt::format("spilled: {}\n", FormatByteSize(usage.bytes_spilled));
  const int64_t requests = usage.s3_get + usage.s3_head + usage.s3_put + usage.s3_list + usage.s3_delete;
  if (requests > 0) {
    text += fmt::format("S3 requests: {} GET, {} HEAD, {} PUT, {} LIST, {} DELETE\n", usage.s3_get, usage.s3_head,
                        usage.s3_put, usage.s3_list, usage.s3_delete);
  }
  for (const CostLine& line : Price(usage, dbu_usd)) {
    text += fmt::format("cost: ${:.6f} on {} ({:.0f} s at ${:.4f}/h)\n", line.total_usd(), line.machine, line.seconds,
                        line.hourly_usd);
  }
  return text;
}

}  // namespace quell::cost
