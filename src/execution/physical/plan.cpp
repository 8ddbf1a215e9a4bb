#include "execution/physical/plan.h"

#include <unordered_map>

#include "base/check.h"
#include "execution/operators/scan/scan_request.h"
#include "execution/physical/aggregate_plan.h"
#include "execution/physical/common_subexpressions.h"
#include "execution/physical/lower.h"

namespace quell::execution {
namespace {

PhysicalNodePtr PlanScan(const logical::Scan& scan) {
  const ColumnPositions positions(scan.output());
  std::vector<int> columns;
  std::vector<std::vector<std::string>> members;
  for (const logical::TableColumn& column : scan.columns()) {
    columns.push_back(column.position);
    members.push_back(column.members);
  }
  return std::make_shared<ScanNode>(scan.table(), std::move(columns), std::move(members),
                                    positions.Lower(scan.filters()), scan.limit(), SchemaOf(scan.output()));
}

PhysicalNodePtr PlanProject(const logical::Project& project) {
  const ColumnPositions positions(project.input()->output());
  ExprList expressions;
  for (const logical::NamedExpr& named : project.expressions()) expressions.push_back(positions.Lower(named.expr));
  ExprList common = ExtractCommon(static_cast<int>(project.input()->output().size()), &expressions);
  return std::make_shared<ProjectNode>(MakePhysicalPlan(project.input()), std::move(common), std::move(expressions),
                                       SchemaOf(project.output()));
}

PhysicalNodePtr PlanSort(const logical::Sort& sort) {
  const ColumnPositions positions(sort.input()->output());
  std::vector<PhysicalSortKey> keys;
  for (const logical::SortKey& key : sort.keys()) {
    keys.push_back({positions.Lower(key.expr), key.ascending, key.nulls_first});
  }
  return std::make_shared<SortNode>(MakePhysicalPlan(sort.input()), std::move(keys), sort.limit());
}

PhysicalNodePtr PlanUnion(const logical::Union& union_all) {
  std::vector<PhysicalNodePtr> inputs;
  for (const logical::PlanPtr& input : union_all.inputs()) inputs.push_back(MakePhysicalPlan(input));
  return std::make_shared<UnionNode>(std::move(inputs), SchemaOf(union_all.output()));
}

void CollectReads(const PhysicalNode& node, std::vector<catalog::TableRead>* reads) {
  if (node.kind() == PhysicalNode::Kind::kScan) {
    const auto& scan = node.As<ScanNode>();
    reads->push_back({scan.table, RequestOf(scan)});
  }
  for (const PhysicalNodePtr& input : node.inputs()) CollectReads(*input, reads);
}

PhysicalNodePtr PlanWrite(const logical::Write& write) {
  PhysicalNodePtr input = MakePhysicalPlan(write.input());
  catalog::WriteRequest request = write.request();
  CollectReads(*input, &request.reads);
  return std::make_shared<WriteNode>(std::move(input), std::move(request));
}

}  // namespace

PhysicalNodePtr MakePhysicalPlan(const logical::PlanPtr& plan) {
  switch (plan->kind()) {
    case logical::Plan::Kind::kScan: return PlanScan(*plan->As<logical::Scan>());
    case logical::Plan::Kind::kValues:
      return std::make_shared<ValuesNode>(plan->As<logical::Values>()->rows(), SchemaOf(plan->output()));
    case logical::Plan::Kind::kRange: {
      const auto& range = *plan->As<logical::Range>();
      return std::make_shared<RangeNode>(range.begin(), range.end(), range.step(), SchemaOf(plan->output()));
    }
    case logical::Plan::Kind::kProject: return PlanProject(*plan->As<logical::Project>());
    case logical::Plan::Kind::kFilter: {
      const ColumnPositions positions(plan->output());
      return std::make_shared<FilterNode>(MakePhysicalPlan(plan->input()),
                                          positions.Lower(plan->As<logical::Filter>()->predicate()));
    }
    case logical::Plan::Kind::kAggregate: return PlanAggregate(*plan->As<logical::Aggregate>());
    case logical::Plan::Kind::kSort: return PlanSort(*plan->As<logical::Sort>());
    case logical::Plan::Kind::kLimit: {
      const auto& limit = *plan->As<logical::Limit>();
      return std::make_shared<LimitNode>(MakePhysicalPlan(plan->input()), limit.limit(), limit.offset());
    }
    case logical::Plan::Kind::kUnion: return PlanUnion(*plan->As<logical::Union>());
    case logical::Plan::Kind::kWrite: return PlanWrite(*plan->As<logical::Write>());
  }
  QUELL_CHECK(false);
  return nullptr;
}

}  // namespace quell::execution
