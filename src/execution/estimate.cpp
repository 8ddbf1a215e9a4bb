#include <algorithm>

#include "execution/execute.h"
#include "execution/physical/aggregate_plan.h"

namespace quell::execution {
namespace {

// A table says how many bytes it has on disk; rows in memory are a few times larger than compressed pages.
constexpr int64_t kMemoryBytesPerFileByte = 4;
// Of a row in a sort buffer or hash table, besides its columns.
constexpr int64_t kBytesPerRow = 48;

struct Size {
  int64_t rows = 0;
  int64_t bytes = 0;
};

Size SizeOfScan(const logical::Scan& scan) {
  const int64_t file_bytes = scan.table()->EstimatedBytes().value_or(0);
  const auto columns = static_cast<int64_t>(std::max(scan.table()->schema().num_fields(), 1));
  Size size;
  // Without a count of rows: some bytes a value.
  size.rows = scan.table()->EstimatedRows().value_or(file_bytes / (4 * columns));
  size.bytes = file_bytes * kMemoryBytesPerFileByte * static_cast<int64_t>(scan.columns().size()) / columns;
  for (size_t i = 0; i < scan.filters().size() && i < 4; ++i) {
    size.rows /= 2;
    size.bytes /= 2;
  }
  return size;
}

Size SizeOfRange(const logical::Range& range) {
  // In floating point, for the ends may be as far apart as the type allows.
  const double steps =
      (static_cast<double>(range.end()) - static_cast<double>(range.begin())) / static_cast<double>(range.step());
  const auto rows = static_cast<int64_t>(std::clamp(steps, 0.0, 1e15));
  return {rows, rows * static_cast<int64_t>(sizeof(int64_t))};
}

Size Limited(Size size, std::optional<int64_t> limit) {
  if (!limit || size.rows <= *limit) return size;
  return {*limit, size.rows > 0 ? static_cast<int64_t>(static_cast<double>(size.bytes) /
                                                       static_cast<double>(size.rows) * static_cast<double>(*limit))
                                : 0};
}

// Whether the operator itself keeps rows or groups: a global aggregate does where it needs its distinct values.
bool KeepsRows(const logical::Plan& plan) {
  if (plan.kind() == logical::Plan::Kind::kSort) return true;
  const auto* aggregate = plan.As<logical::Aggregate>();
  if (!aggregate) return false;
  return !aggregate->groups().empty() ||
         std::ranges::any_of(aggregate->aggregates(), [](const logical::NamedExpr& named) {
           const auto* call = named.expr->As<AggregateCall>();
           return call && KeepsDistinctValues(*call);
         });
}

// The rows that come out of `plan`; adds what its breakers keep to `state_bytes`.
Size SizeOf(const logical::PlanPtr& plan, int64_t* state_bytes) {
  Size in;
  for (const logical::PlanPtr& input : plan->inputs()) {
    const Size size = SizeOf(input, state_bytes);
    in.rows += size.rows;
    in.bytes += size.bytes;
  }
  switch (plan->kind()) {
    case logical::Plan::Kind::kScan:
      return Limited(SizeOfScan(*plan->As<logical::Scan>()), plan->As<logical::Scan>()->limit());
    case logical::Plan::Kind::kRange: return SizeOfRange(*plan->As<logical::Range>());
    case logical::Plan::Kind::kFilter: return {in.rows / 2, in.bytes / 2};
    case logical::Plan::Kind::kLimit: return Limited(in, plan->As<logical::Limit>()->limit());
    case logical::Plan::Kind::kAggregate: {
      // How many groups there are nobody knows before; a DISTINCT over few columns of many rows reduces them, mostly.
      const Size groups{in.rows / 10, in.bytes / 10};
      if (KeepsRows(*plan)) *state_bytes += groups.bytes + groups.rows * kBytesPerRow;
      return plan->As<logical::Aggregate>()->groups().empty() ? Size{1, kBytesPerRow} : groups;
    }
    case logical::Plan::Kind::kSort: {
      const Size out = Limited(in, plan->As<logical::Sort>()->limit());
      *state_bytes += out.bytes + out.rows * kBytesPerRow;
      return out;
    }
    default: return in;
  }
}

// Whether some operator keeps rows. Sizes matter only then, and a table may have to read its whole log for its own.
bool HasBreaker(const logical::PlanPtr& plan) {
  return KeepsRows(*plan) || std::ranges::any_of(plan->inputs(), HasBreaker);
}

}  // namespace

SpillEstimate EstimateSpill(const logical::PlanPtr& plan, const ExecutionContext& context) {
  SpillEstimate estimate;
  if (!HasBreaker(plan)) return estimate;
  SizeOf(plan, &estimate.state_bytes);
  estimate.spill_bytes = std::max<int64_t>(0, estimate.state_bytes - context.memory->limit_bytes());
  return estimate;
}

}  // namespace quell::execution
