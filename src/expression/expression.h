// Bound expressions: every name resolved, every type known, every coercion an explicit cast. Immutable and shared.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "data/type.h"
#include "data/value.h"

namespace quell {

class Expression;
using ExprPtr = std::shared_ptr<const Expression>;
using ExprList = std::vector<ExprPtr>;

// Identifies a column of a plan from where it is made to where it is last used; unique within the process.
using ColumnId = int64_t;
ColumnId NextColumnId();

class Expression {
 public:
  enum class Kind : uint8_t {
    kLiteral,
    kColumnRef,  // a column of a plan's input, by id (logical plans)
    kInputRef,   // a column of a batch, by position (physical plans)
    kCall,       // a scalar function
    kCast,
    kConjunction,  // AND, OR over any number of children
    kCase,         // CASE WHEN; IF and COALESCE are made of it
    kAggregate,    // only in the aggregate list of an Aggregate node
  };

  virtual ~Expression() = default;
  Kind kind() const { return kind_; }
  const Type& type() const { return type_; }
  bool nullable() const { return nullable_; }
  const ExprList& children() const { return children_; }
  // The same node over other children, whose types are the same.
  virtual ExprPtr WithChildren(ExprList children) const = 0;

  // The node as `T`, or nullptr: `expr.As<Literal>()`.
  template <typename T>
  const T* As() const {
    return kind_ == T::kKind ? static_cast<const T*>(this) : nullptr;
  }

 protected:
  Expression(Kind kind, Type type, bool nullable, ExprList children)
      : kind_(kind), nullable_(nullable), type_(std::move(type)), children_(std::move(children)) {}

 private:
  Kind kind_;
  bool nullable_;
  Type type_;
  ExprList children_;
};

class Literal final : public Expression {
 public:
  static constexpr Kind kKind = Kind::kLiteral;
  Literal(Type type, Value value) : Expression(kKind, std::move(type), value.is_null(), {}), value_(std::move(value)) {}
  const Value& value() const { return value_; }
  ExprPtr WithChildren(ExprList children) const override;

 private:
  Value value_;
};

class ColumnRef final : public Expression {
 public:
  static constexpr Kind kKind = Kind::kColumnRef;
  ColumnRef(ColumnId id, std::string name, Type type, bool nullable)
      : Expression(kKind, std::move(type), nullable, {}), id_(id), name_(std::move(name)) {}
  ColumnId id() const { return id_; }
  const std::string& name() const { return name_; }
  ExprPtr WithChildren(ExprList children) const override;

 private:
  ColumnId id_;
  std::string name_;
};

class InputRef final : public Expression {
 public:
  static constexpr Kind kKind = Kind::kInputRef;
  InputRef(int index, Type type, bool nullable) : Expression(kKind, std::move(type), nullable, {}), index_(index) {}
  int index() const { return index_; }
  ExprPtr WithChildren(ExprList children) const override;

 private:
  int index_;
};

struct ScalarKernel;  // expression/scalar_kernel.h

// A call of a scalar function whose arguments have exactly the types its kernel takes.
class Call final : public Expression {
 public:
  static constexpr Kind kKind = Kind::kCall;
  // `name` is the function's canonical name ("+", "date_trunc"), for printing and for rules; `kernel` computes it.
  Call(std::string name, std::shared_ptr<const ScalarKernel> kernel, Type type, bool nullable, ExprList arguments)
      : Expression(kKind, std::move(type), nullable, std::move(arguments)),
        name_(std::move(name)),
        kernel_(std::move(kernel)) {}
  const std::string& name() const { return name_; }
  const ScalarKernel& kernel() const { return *kernel_; }
  ExprPtr WithChildren(ExprList children) const override;

 private:
  std::string name_;
  std::shared_ptr<const ScalarKernel> kernel_;
};

enum class CastMode : uint8_t {
  kAnsi,    // raises CAST_INVALID_INPUT, CAST_OVERFLOW ...
  kTry,     // NULL instead
  kLegacy,  // Spark with spark.sql.ansi.enabled=false: NULL or wrap-around
};

class Cast final : public Expression {
 public:
  static constexpr Kind kKind = Kind::kCast;
  Cast(ExprPtr child, Type to, CastMode mode, std::string time_zone);
  CastMode mode() const { return mode_; }
  const std::string& time_zone() const { return time_zone_; }
  const ExprPtr& child() const { return children()[0]; }
  ExprPtr WithChildren(ExprList children) const override;

 private:
  CastMode mode_;
  std::string time_zone_;
};

// AND or OR with SQL's three-valued logic; children are BOOLEAN. Later children are evaluated only on rows still
// undecided.
class Conjunction final : public Expression {
 public:
  static constexpr Kind kKind = Kind::kConjunction;
  enum class Op : uint8_t { kAnd, kOr };
  Conjunction(Op op, ExprList children);
  Op op() const { return op_; }
  ExprPtr WithChildren(ExprList children) const override;

 private:
  Op op_;
};

// CASE WHEN c1 THEN v1 WHEN c2 THEN v2 ... [ELSE e] END. Children: c1, v1, c2, v2, ..., [e]; a branch is evaluated only
// on the rows that reach it.
class Case final : public Expression {
 public:
  static constexpr Kind kKind = Kind::kCase;
  Case(Type type, ExprList children);
  bool has_else() const { return children().size() % 2 == 1; }
  ExprPtr WithChildren(ExprList children) const override;
};

struct AggregateFunction;  // expression/aggregate_function.h

// A call of an aggregate function. Children: the arguments, then the filter if there is one.
class AggregateCall final : public Expression {
 public:
  static constexpr Kind kKind = Kind::kAggregate;
  AggregateCall(std::string name, std::shared_ptr<const AggregateFunction> function, Type type, bool nullable,
                ExprList arguments, bool is_distinct, ExprPtr filter);
  const std::string& name() const { return name_; }
  const AggregateFunction& function() const { return *function_; }
  bool is_distinct() const { return is_distinct_; }
  bool has_filter() const { return has_filter_; }
  size_t num_arguments() const { return children().size() - (has_filter_ ? 1 : 0); }
  ExprPtr WithChildren(ExprList children) const override;

 private:
  std::string name_;
  std::shared_ptr<const AggregateFunction> function_;
  bool is_distinct_;
  bool has_filter_;
};

// Structural equality: the same nodes, functions and literals.
bool Equal(const Expression& a, const Expression& b);
uint64_t Hash(const Expression& expr);
// As EXPLAIN prints it: "amount > 10", "date_trunc('WEEK', event_time)", "sum(amount)".
std::string ToString(const Expression& expr);
// Whether the same inputs always give the same value. An aggregate is; what it aggregates counts, too.
bool IsDeterministic(const Expression& expr);
// Deterministic and without columns or aggregates: EvaluateConstant() can compute it.
bool IsConstant(const Expression& expr);
// The ids of all ColumnRefs, without repeats, in order of appearance.
std::vector<ColumnId> ReferencedColumns(const Expression& expr);
// Splits a predicate at its top-level ANDs; joins with AND (nullptr for an empty list).
ExprList SplitConjuncts(const ExprPtr& predicate);
ExprPtr JoinConjuncts(ExprList conjuncts);
// Rewrites bottom-up: `f` gets each node with rewritten children and returns it or another one.
template <typename F>
ExprPtr Transform(const ExprPtr& expr, const F& f) {
  ExprList children = expr->children();
  bool changed = false;
  for (ExprPtr& child : children) {
    ExprPtr rewritten = Transform(child, f);
    changed |= rewritten != child;
    child = std::move(rewritten);
  }
  return f(changed ? expr->WithChildren(std::move(children)) : expr);
}

}  // namespace quell
