// Logical plans: what to compute, with every name resolved. Immutable and shared; rules make new nodes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "catalog/table.h"
#include "data/column.h"
#include "expression/expression.h"

namespace quell::logical {

// A column that a node puts out.
struct OutputColumn {
  ColumnId id;
  std::string name;
  Type type;
  bool nullable = true;

  ExprPtr Ref() const { return std::make_shared<ColumnRef>(id, name, type, nullable); }
};
using OutputColumns = std::vector<OutputColumn>;

// An expression with the column that it makes.
struct NamedExpr {
  ExprPtr expr;
  OutputColumn column;

  // `expr` under a new id.
  static NamedExpr New(ExprPtr expr, std::string name);
  // The column itself, passed through under its own id.
  static NamedExpr PassThrough(const OutputColumn& column) { return {column.Ref(), column}; }
  bool is_pass_through() const {
    const auto* ref = expr->As<ColumnRef>();
    return ref && ref->id() == column.id;
  }
};

class Plan;
using PlanPtr = std::shared_ptr<const Plan>;

class Plan {
 public:
  enum class Kind : uint8_t { kScan, kValues, kRange, kProject, kFilter, kAggregate, kSort, kLimit, kUnion, kWrite };

  virtual ~Plan() = default;
  Kind kind() const { return kind_; }
  const std::vector<PlanPtr>& inputs() const { return inputs_; }
  const PlanPtr& input() const { return inputs_[0]; }
  const OutputColumns& output() const { return output_; }
  virtual PlanPtr WithInputs(std::vector<PlanPtr> inputs) const = 0;

  template <typename T>
  const T* As() const {
    return kind_ == T::kKind ? static_cast<const T*>(this) : nullptr;
  }

 protected:
  Plan(Kind kind, std::vector<PlanPtr> inputs, OutputColumns output)
      : kind_(kind), inputs_(std::move(inputs)), output_(std::move(output)) {}

 private:
  Kind kind_;
  std::vector<PlanPtr> inputs_;
  OutputColumns output_;
};

// What a scan reads: a column by its position in the table's schema, or a member of one, by the names that lead to it.
struct TableColumn {
  int position = 0;
  std::vector<std::string> members = {};
};

// Reads a table: `columns`, one for each column of output(). `filters` are conjuncts over the output; the scan applies
// them exactly. `limit` is a number of rows after which the scan may stop.
class Scan final : public Plan {
 public:
  static constexpr Kind kKind = Kind::kScan;
  Scan(catalog::TablePtr table, std::vector<TableColumn> columns, OutputColumns output, ExprList filters = {},
       std::optional<int64_t> limit = {})
      : Plan(kKind, {}, std::move(output)),
        table_(std::move(table)),
        columns_(std::move(columns)),
        filters_(std::move(filters)),
        limit_(limit) {}
  const catalog::TablePtr& table() const { return table_; }
  const std::vector<TableColumn>& columns() const { return columns_; }
  const ExprList& filters() const { return filters_; }
  const std::optional<int64_t>& limit() const { return limit_; }
  PlanPtr WithInputs(std::vector<PlanPtr> inputs) const override;
  // The same columns of the same table.
  PlanPtr WithFilters(ExprList filters, std::optional<int64_t> limit) const;

 private:
  catalog::TablePtr table_;
  std::vector<TableColumn> columns_;
  ExprList filters_;
  std::optional<int64_t> limit_;
};

// Constant rows. A SELECT without FROM has one row of no columns.
class Values final : public Plan {
 public:
  static constexpr Kind kKind = Kind::kValues;
  Values(OutputColumns output, std::vector<ExprList> rows)
      : Plan(kKind, {}, std::move(output)), rows_(std::move(rows)) {}
  const std::vector<ExprList>& rows() const { return rows_; }
  PlanPtr WithInputs(std::vector<PlanPtr> inputs) const override;

 private:
  std::vector<ExprList> rows_;
};

// begin, begin + step, ... while before `end`; one BIGINT column.
class Range final : public Plan {
 public:
  static constexpr Kind kKind = Kind::kRange;
  Range(OutputColumn column, int64_t begin, int64_t end, int64_t step)
      : Plan(kKind, {}, {std::move(column)}), begin_(begin), end_(end), step_(step) {}
  int64_t begin() const { return begin_; }
  int64_t end() const { return end_; }
  int64_t step() const { return step_; }
  PlanPtr WithInputs(std::vector<PlanPtr> inputs) const override;

 private:
  int64_t begin_, end_, step_;
};

class Project final : public Plan {
 public:
  static constexpr Kind kKind = Kind::kProject;
  Project(PlanPtr input, std::vector<NamedExpr> expressions);
  const std::vector<NamedExpr>& expressions() const { return expressions_; }
  PlanPtr WithInputs(std::vector<PlanPtr> inputs) const override;

 private:
  std::vector<NamedExpr> expressions_;
};

class Filter final : public Plan {
 public:
  static constexpr Kind kKind = Kind::kFilter;
  Filter(PlanPtr input, ExprPtr predicate) : Plan(kKind, {input}, input->output()), predicate_(std::move(predicate)) {}
  const ExprPtr& predicate() const { return predicate_; }
  PlanPtr WithInputs(std::vector<PlanPtr> inputs) const override;

 private:
  ExprPtr predicate_;
};

// GROUP BY: output is `groups`, then `aggregates` (each an AggregateCall). Without groups there is exactly one row.
// DISTINCT is an Aggregate without aggregates.
class Aggregate final : public Plan {
 public:
  static constexpr Kind kKind = Kind::kAggregate;
  Aggregate(PlanPtr input, std::vector<NamedExpr> groups, std::vector<NamedExpr> aggregates);
  const std::vector<NamedExpr>& groups() const { return groups_; }
  const std::vector<NamedExpr>& aggregates() const { return aggregates_; }
  PlanPtr WithInputs(std::vector<PlanPtr> inputs) const override;

 private:
  std::vector<NamedExpr> groups_;
  std::vector<NamedExpr> aggregates_;
};

struct SortKey {
  ExprPtr expr;
  bool ascending = true;
  bool nulls_first = true;
};

// With a `limit`, only the first rows of the order are kept (top-N).
class Sort final : public Plan {
 public:
  static constexpr Kind kKind = Kind::kSort;
  Sort(PlanPtr input, std::vector<SortKey> keys, std::optional<int64_t> limit = {})
      : Plan(kKind, {input}, input->output()), keys_(std::move(keys)), limit_(limit) {}
  const std::vector<SortKey>& keys() const { return keys_; }
  const std::optional<int64_t>& limit() const { return limit_; }
  PlanPtr WithInputs(std::vector<PlanPtr> inputs) const override;

 private:
  std::vector<SortKey> keys_;
  std::optional<int64_t> limit_;
};

// Rows [offset, offset + limit) of the input, in its order if it has one.
class Limit final : public Plan {
 public:
  static constexpr Kind kKind = Kind::kLimit;
  Limit(PlanPtr input, std::optional<int64_t> limit, int64_t offset)
      : Plan(kKind, {input}, input->output()), limit_(limit), offset_(offset) {}
  const std::optional<int64_t>& limit() const { return limit_; }
  int64_t offset() const { return offset_; }
  PlanPtr WithInputs(std::vector<PlanPtr> inputs) const override;

 private:
  std::optional<int64_t> limit_;
  int64_t offset_;
};

// UNION ALL: column i of the output is column i of each input, whose types are the same.
class Union final : public Plan {
 public:
  static constexpr Kind kKind = Kind::kUnion;
  Union(std::vector<PlanPtr> inputs, OutputColumns output) : Plan(kKind, std::move(inputs), std::move(output)) {}
  PlanPtr WithInputs(std::vector<PlanPtr> inputs) const override;
};

// Writes the input to a table and commits. Output: none.
class Write final : public Plan {
 public:
  static constexpr Kind kKind = Kind::kWrite;
  Write(PlanPtr input, catalog::WriteRequest request)
      : Plan(kKind, {std::move(input)}, {}), request_(std::move(request)) {}
  const catalog::WriteRequest& request() const { return request_; }
  PlanPtr WithInputs(std::vector<PlanPtr> inputs) const override;

 private:
  catalog::WriteRequest request_;
};

// The plan as EXPLAIN prints it: a node a line, inputs indented by two spaces.
std::string ToString(const PlanPtr& plan);
// Rewrites bottom-up, as quell::Transform does for expressions.
template <typename F>
PlanPtr Transform(const PlanPtr& plan, const F& f) {
  std::vector<PlanPtr> inputs = plan->inputs();
  bool changed = false;
  for (PlanPtr& input : inputs) {
    PlanPtr rewritten = Transform(input, f);
    changed |= rewritten != input;
    input = std::move(rewritten);
  }
  return f(changed ? plan->WithInputs(std::move(inputs)) : plan);
}

}  // namespace quell::logical
