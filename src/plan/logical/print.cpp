#include <fmt/ranges.h>

#include "base/counted.h"
#include "plan/logical/plan.h"

namespace quell::logical {
namespace {

std::string Join(const std::vector<std::string>& parts, const char* separator = ", ") {
  return fmt::format("{}", fmt::join(parts, separator));
}

std::string Print(const NamedExpr& named) {
  if (named.is_pass_through()) return named.column.name;
  return named.column.name + " := " + ToString(*named.expr);
}

std::string Print(const std::vector<NamedExpr>& expressions) {
  std::vector<std::string> parts;
  for (const NamedExpr& named : expressions) parts.push_back(Print(named));
  return Join(parts);
}

std::string PrintScan(const Scan& scan) {
  std::vector<std::string> columns;
  for (const OutputColumn& column : scan.output()) columns.push_back(column.name);
  std::string line = fmt::format("Scan {} [{}]", scan.table()->name(), Join(columns));
  std::vector<std::string> filters;
  for (const ExprPtr& filter : scan.filters()) filters.push_back(ToString(*filter));
  if (!filters.empty()) line += " where " + Join(filters, " AND ");
  if (scan.limit()) line += fmt::format(" limit {}", *scan.limit());
  return line;
}

std::string PrintSort(const Sort& sort) {
  std::vector<std::string> keys;
  for (const SortKey& key : sort.keys()) {
    std::string text = ToString(*key.expr);
    if (!key.ascending) text += " DESC";
    if (key.nulls_first != key.ascending) text += key.nulls_first ? " NULLS FIRST" : " NULLS LAST";
    keys.push_back(std::move(text));
  }
  if (sort.limit()) return fmt::format("TopN {} by {}", *sort.limit(), Join(keys));
  return "Sort " + Join(keys);
}

std::string PrintAggregate(const Aggregate& aggregate) {
  std::string line = "Aggregate";
  if (!aggregate.groups().empty()) line += " by " + Print(aggregate.groups());
  if (!aggregate.aggregates().empty()) line += fmt::format(" [{}]", Print(aggregate.aggregates()));
  return line;
}

std::string PrintLimit(const Limit& limit) {
  std::string line = "Limit";
  if (limit.limit()) line += fmt::format(" {}", *limit.limit());
  if (limit.offset() > 0) line += fmt::format(" offset {}", limit.offset());
  return line;
}

std::string PrintRange(const Range& range) {
  std::string line = fmt::format("Range {} from {} to {}", range.output()[0].name, range.begin(), range.end());
  if (range.step() != 1) line += fmt::format(" by {}", range.step());
  return line;
}

const char* ModeName(catalog::WriteMode mode) {
  switch (mode) {
    case catalog::WriteMode::kCreate: return "create";
    case catalog::WriteMode::kCreateOrReplace: return "create or replace";
    case catalog::WriteMode::kAppend: return "append to";
    case catalog::WriteMode::kOverwrite: return "overwrite";
    case catalog::WriteMode::kOverwritePartitions: return "overwrite partitions of";
    case catalog::WriteMode::kReplaceWhere: return "replace in";
  }
  return "";
}

std::string PrintWrite(const Write& write) {
  const catalog::WriteRequest& request = write.request();
  std::string line = fmt::format("Write {} {}", ModeName(request.mode), request.table.ToString());
  if (!request.partitioned_by.empty()) line += fmt::format(" partitioned by {}", Join(request.partitioned_by));
  if (request.replace_where) line += " where " + ToString(*request.replace_where);
  return line;
}

std::string PrintNode(const Plan& plan) {
  switch (plan.kind()) {
    case Plan::Kind::kScan: return PrintScan(*plan.As<Scan>());
    case Plan::Kind::kValues: return "Values " + Counted(static_cast<int64_t>(plan.As<Values>()->rows().size()), "row");
    case Plan::Kind::kRange: return PrintRange(*plan.As<Range>());
    case Plan::Kind::kProject: return "Project " + Print(plan.As<Project>()->expressions());
    case Plan::Kind::kFilter: return "Filter " + ToString(*plan.As<Filter>()->predicate());
    case Plan::Kind::kAggregate: return PrintAggregate(*plan.As<Aggregate>());
    case Plan::Kind::kSort: return PrintSort(*plan.As<Sort>());
    case Plan::Kind::kLimit: return PrintLimit(*plan.As<Limit>());
    case Plan::Kind::kUnion: return "Union";
    case Plan::Kind::kWrite: return PrintWrite(*plan.As<Write>());
  }
  return "";
}

void Append(const PlanPtr& plan, int depth, std::string* out) {
  out->append(static_cast<size_t>(depth) * 2, ' ');
  out->append(PrintNode(*plan)).append("\n");
  for (const PlanPtr& input : plan->inputs()) Append(input, depth + 1, out);
}

}  // namespace

std::string ToString(const PlanPtr& plan) {
  std::string out;
  Append(plan, 0, &out);
  return out;
}

}  // namespace quell::logical
