#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/check.h"
#include "base/counted.h"
#include "execution/physical/node.h"

namespace quell::execution {
namespace {

std::string Join(const std::vector<std::string>& parts) { return fmt::format("{}", fmt::join(parts, ", ")); }

std::string Names(const std::vector<int>& columns, const Schema& schema) {
  std::vector<std::string> names;
  for (const int column : columns) names.push_back(schema.field(column).name);
  return Join(names);
}

std::string PrintScan(const ScanNode& scan) {
  std::vector<std::string> names;
  for (const Field& field : scan.schema().fields()) names.push_back(field.name);
  std::string line = fmt::format("Scan {} [{}]", scan.table->name(), Join(names));
  std::vector<std::string> filters;
  for (const ExprPtr& filter : scan.filters) filters.push_back(PrintExpression(filter, scan.schema()));
  if (!filters.empty()) line += fmt::format(" where {}", fmt::join(filters, " AND "));
  if (scan.limit) line += fmt::format(" limit {}", *scan.limit);
  return line;
}

std::string PrintProject(const ProjectNode& project) {
  std::vector<std::string> parts;
  for (const ExprPtr& expr : project.expressions)
    parts.push_back(PrintExpression(expr, project.input().schema(), project.common));
  std::string line = "Project " + Join(parts);
  if (!project.common.empty()) {
    std::vector<std::string> shared;
    for (const ExprPtr& expr : project.common)
      shared.push_back(PrintExpression(expr, project.input().schema(), project.common));
    line += " sharing " + Join(shared);
  }
  return line;
}

std::string PrintAggregate(const AggregateNode& aggregate) {
  const Schema& input = aggregate.input().schema();
  std::string line = "HashAggregate";
  if (!aggregate.keys.empty()) line += " by " + Names(aggregate.keys, input);
  std::vector<std::string> steps;
  for (const AggregateStep& step : aggregate.steps) {
    std::string text = fmt::format("{}({})", step.call->name(), Names(step.inputs, input));
    if (step.merges_states) text = "merge " + step.call->name();
    if (step.filter) text += " where " + input.field(*step.filter).name;
    if (step.exports_state) text = "partial " + text;
    steps.push_back(std::move(text));
  }
  if (!steps.empty()) line += fmt::format(" [{}]", Join(steps));
  return line;
}

std::string PrintSort(const SortNode& sort) {
  std::vector<std::string> keys;
  for (const PhysicalSortKey& key : sort.keys) {
    std::string text = PrintExpression(key.expr, sort.schema());
    if (!key.ascending) text += " DESC";
    if (key.nulls_first != key.ascending) text += key.nulls_first ? " NULLS FIRST" : " NULLS LAST";
    keys.push_back(std::move(text));
  }
  return sort.limit ? fmt::format("TopN {} by {}", *sort.limit, Join(keys)) : "Sort " + Join(keys);
}

std::string PrintExpand(const ExpandNode& expand) {
  std::vector<std::string> sets;
  for (const std::vector<int>& kept : expand.kept_columns) sets.push_back("[" + Names(kept, expand.schema()) + "]");
  return "Expand " + Join(sets);
}

}  // namespace

std::string PrintExpression(const ExprPtr& expr, const Schema& schema, const ExprList& common) {
  return ToString(*Transform(expr, [&](const ExprPtr& node) -> ExprPtr {
    const auto* ref = node->As<InputRef>();
    if (!ref) return node;
    const int num_columns = schema.num_fields();
    std::string name = ref->index() < num_columns ? schema.field(ref->index()).name
                                                  : PrintExpression(common[ref->index() - num_columns], schema, common);
    return std::make_shared<ColumnRef>(ref->index(), std::move(name), ref->type(), ref->nullable());
  }));
}

std::string PrintLine(const PhysicalNode& node) {
  switch (node.kind()) {
    case PhysicalNode::Kind::kScan: return PrintScan(node.As<ScanNode>());
    case PhysicalNode::Kind::kValues:
      return "Values " + Counted(static_cast<int64_t>(node.As<ValuesNode>().rows.size()), "row");
    case PhysicalNode::Kind::kRange: {
      const auto& range = node.As<RangeNode>();
      return fmt::format("Range {} from {} to {} by {}", node.schema().field(0).name, range.begin, range.end,
                         range.step);
    }
    case PhysicalNode::Kind::kProject: return PrintProject(node.As<ProjectNode>());
    case PhysicalNode::Kind::kFilter:
      return "Filter " + PrintExpression(node.As<FilterNode>().predicate, node.schema());
    case PhysicalNode::Kind::kExpand: return PrintExpand(node.As<ExpandNode>());
    case PhysicalNode::Kind::kAggregate: return PrintAggregate(node.As<AggregateNode>());
    case PhysicalNode::Kind::kSort: return PrintSort(node.As<SortNode>());
    case PhysicalNode::Kind::kLimit: {
      const auto& limit = node.As<LimitNode>();
      std::string line = "Limit";
      if (limit.limit) line += fmt::format(" {}", *limit.limit);
      if (limit.offset > 0) line += fmt::format(" offset {}", limit.offset);
      return line;
    }
    case PhysicalNode::Kind::kUnion: return "Union";
    case PhysicalNode::Kind::kWrite: return "Write " + node.As<WriteNode>().request.table.ToString();
  }
  QUELL_CHECK(false);
  return "";
}

}  // namespace quell::execution
