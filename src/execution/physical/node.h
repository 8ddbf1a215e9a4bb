// Physical plans: which operators run, over columns by position. Immutable and shared.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "data/schema.h"
#include "expression/expression.h"

namespace quell::execution {

class PhysicalNode;
using PhysicalNodePtr = std::shared_ptr<const PhysicalNode>;

class PhysicalNode {
 public:
  enum class Kind : uint8_t {
    kScan,
    kValues,
    kRange,
    kProject,
    kFilter,
    kExpand,
    kAggregate,
    kSort,
    kLimit,
    kUnion,
    kWrite,
  };

  virtual ~PhysicalNode() = default;
  Kind kind() const { return kind_; }
  const std::vector<PhysicalNodePtr>& inputs() const { return inputs_; }
  const PhysicalNode& input() const { return *inputs_[0]; }
  // The columns that it puts out.
  const Schema& schema() const { return schema_; }

  // The node as `T`, which it must be.
  template <typename T>
  const T& As() const {
    return static_cast<const T&>(*this);
  }

 protected:
  PhysicalNode(Kind kind, std::vector<PhysicalNodePtr> inputs, Schema schema)
      : kind_(kind), inputs_(std::move(inputs)), schema_(std::move(schema)) {}

 private:
  Kind kind_;
  std::vector<PhysicalNodePtr> inputs_;
  Schema schema_;
};

// `columns` are positions in the table's schema, `members` for each of them the names that lead to the member that is
// read of it (none: all of it); `filters` are over the scan's own output.
struct ScanNode final : PhysicalNode {
  ScanNode(catalog::TablePtr table, std::vector<int> columns, std::vector<std::vector<std::string>> members,
           ExprList filters, std::optional<int64_t> limit, Schema schema)
      : PhysicalNode(Kind::kScan, {}, std::move(schema)),
        table(std::move(table)),
        columns(std::move(columns)),
        members(std::move(members)),
        filters(std::move(filters)),
        limit(limit) {}
  const catalog::TablePtr table;
  const std::vector<int> columns;
  const std::vector<std::vector<std::string>> members;
  const ExprList filters;
  const std::optional<int64_t> limit;
};

struct ValuesNode final : PhysicalNode {
  ValuesNode(std::vector<ExprList> rows, Schema schema)
      : PhysicalNode(Kind::kValues, {}, std::move(schema)), rows(std::move(rows)) {}
  const std::vector<ExprList> rows;
};

struct RangeNode final : PhysicalNode {
  RangeNode(int64_t begin, int64_t end, int64_t step, Schema schema)
      : PhysicalNode(Kind::kRange, {}, std::move(schema)), begin(begin), end(end), step(step) {}
  const int64_t begin, end, step;
};

// First the `common` expressions are computed, each appended as one more input column; then `expressions`.
struct ProjectNode final : PhysicalNode {
  ProjectNode(PhysicalNodePtr input, ExprList common, ExprList expressions, Schema schema)
      : PhysicalNode(Kind::kProject, {std::move(input)}, std::move(schema)),
        common(std::move(common)),
        expressions(std::move(expressions)) {}
  const ExprList common;
  const ExprList expressions;
};

struct FilterNode final : PhysicalNode {
  FilterNode(PhysicalNodePtr input, ExprPtr predicate)
      : PhysicalNode(Kind::kFilter, {input}, input->schema()), predicate(std::move(predicate)) {}
  const ExprPtr predicate;
};

// Puts out every row once for each set of columns: copy i keeps the columns of set i, and has NULL in the others.
struct ExpandNode final : PhysicalNode {
  ExpandNode(PhysicalNodePtr input, std::vector<std::vector<int>> kept_columns)
      : PhysicalNode(Kind::kExpand, {input}, input->schema()), kept_columns(std::move(kept_columns)) {}
  const std::vector<std::vector<int>> kept_columns;
};

// One aggregate that is computed, by columns of the input.
struct AggregateStep {
  std::shared_ptr<const AggregateCall> call;
  std::vector<int> inputs;         // arguments, or the columns of a state
  std::optional<int> filter = {};  // a BOOLEAN column: only rows where it is true count
  bool merges_states = false;      // `inputs` are states
  bool exports_state = false;      // puts out the state in place of the result
};

// Groups by the columns `keys`; puts them out, then the results of the steps.
struct AggregateNode final : PhysicalNode {
  AggregateNode(PhysicalNodePtr input, std::vector<int> keys, std::vector<AggregateStep> steps, Schema schema)
      : PhysicalNode(Kind::kAggregate, {std::move(input)}, std::move(schema)),
        keys(std::move(keys)),
        steps(std::move(steps)) {}
  const std::vector<int> keys;
  const std::vector<AggregateStep> steps;
};

struct PhysicalSortKey {
  ExprPtr expr;
  bool ascending = true;
  bool nulls_first = true;
};

struct SortNode final : PhysicalNode {
  SortNode(PhysicalNodePtr input, std::vector<PhysicalSortKey> keys, std::optional<int64_t> limit)
      : PhysicalNode(Kind::kSort, {input}, input->schema()), keys(std::move(keys)), limit(limit) {}
  const std::vector<PhysicalSortKey> keys;
  const std::optional<int64_t> limit;
};

struct LimitNode final : PhysicalNode {
  LimitNode(PhysicalNodePtr input, std::optional<int64_t> limit, int64_t offset)
      : PhysicalNode(Kind::kLimit, {input}, input->schema()), limit(limit), offset(offset) {}
  const std::optional<int64_t> limit;
  const int64_t offset;
};

struct UnionNode final : PhysicalNode {
  UnionNode(std::vector<PhysicalNodePtr> inputs, Schema schema)
      : PhysicalNode(Kind::kUnion, std::move(inputs), std::move(schema)) {}
};

struct WriteNode final : PhysicalNode {
  WriteNode(PhysicalNodePtr input, catalog::WriteRequest request)
      : PhysicalNode(Kind::kWrite, {std::move(input)}, Schema()), request(std::move(request)) {}
  const catalog::WriteRequest request;
};

// An expression over the columns of `schema` and then of `common`, with names in place of positions.
std::string PrintExpression(const ExprPtr& expr, const Schema& schema, const ExprList& common = {});
// The operator as EXPLAIN prints it, on one line.
std::string PrintLine(const PhysicalNode& node);

}  // namespace quell::execution
