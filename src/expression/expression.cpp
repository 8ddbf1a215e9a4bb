#include "expression/expression.h"

#include <algorithm>
#include <atomic>

#include "base/check.h"
#include "expression/aggregate_function.h"
#include "expression/scalar_kernel.h"

namespace quell {

namespace {

const Type& BooleanType() {
  static const Type kBoolean(TypeId::kBoolean);
  return kBoolean;
}

bool AnyNullable(const ExprList& expressions) {
  return std::any_of(expressions.begin(), expressions.end(), [](const ExprPtr& e) { return e->nullable(); });
}

bool CaseNullable(const ExprList& children) {
  if (children.size() % 2 == 0) return true;
  if (children.back()->nullable()) return true;
  for (size_t i = 1; i < children.size(); i += 2) {
    if (children[i]->nullable()) return true;
  }
  return false;
}

ExprList WithFilter(ExprList arguments, ExprPtr filter) {
  if (filter) arguments.push_back(std::move(filter));
  return arguments;
}

void CollectColumns(const Expression& expr, std::vector<ColumnId>& ids) {
  if (const auto* column = expr.As<ColumnRef>()) {
    if (std::find(ids.begin(), ids.end(), column->id()) == ids.end()) ids.push_back(column->id());
  }
  for (const ExprPtr& child : expr.children()) CollectColumns(*child, ids);
}

void CollectConjuncts(const ExprPtr& predicate, ExprList& conjuncts) {
  const auto* conjunction = predicate->As<Conjunction>();
  if (!conjunction || conjunction->op() != Conjunction::Op::kAnd) {
    conjuncts.push_back(predicate);
    return;
  }
  for (const ExprPtr& child : predicate->children()) CollectConjuncts(child, conjuncts);
}

}  // namespace

ColumnId NextColumnId() {
  static std::atomic<ColumnId> next{1};
  return next.fetch_add(1, std::memory_order_relaxed);
}

ExprPtr Literal::WithChildren(ExprList) const { return std::make_shared<Literal>(*this); }
ExprPtr ColumnRef::WithChildren(ExprList) const { return std::make_shared<ColumnRef>(*this); }
ExprPtr InputRef::WithChildren(ExprList) const { return std::make_shared<InputRef>(*this); }

ExprPtr Call::WithChildren(ExprList children) const {
  return std::make_shared<Call>(name_, kernel_, type(), nullable(), std::move(children));
}

Cast::Cast(ExprPtr child, Type to, CastMode mode, std::string time_zone)
    : Expression(kKind, std::move(to), child->nullable() || mode != CastMode::kAnsi, {child}),
      mode_(mode),
      time_zone_(std::move(time_zone)) {}

ExprPtr Cast::WithChildren(ExprList children) const {
  return std::make_shared<Cast>(std::move(children[0]), type(), mode_, time_zone_);
}

Conjunction::Conjunction(Op op, ExprList children)
    : Expression(kKind, BooleanType(), AnyNullable(children), children), op_(op) {
  QUELL_CHECK(!this->children().empty());
}

ExprPtr Conjunction::WithChildren(ExprList children) const {
  return std::make_shared<Conjunction>(op_, std::move(children));
}

Case::Case(Type type, ExprList children) : Expression(kKind, std::move(type), CaseNullable(children), children) {
  QUELL_CHECK(this->children().size() >= 2);
}

ExprPtr Case::WithChildren(ExprList children) const { return std::make_shared<Case>(type(), std::move(children)); }

AggregateCall::AggregateCall(std::string name, std::shared_ptr<const AggregateFunction> function, Type type,
                             bool nullable, ExprList arguments, bool is_distinct, ExprPtr filter)
    : Expression(kKind, std::move(type), nullable, WithFilter(std::move(arguments), filter)),
      name_(std::move(name)),
      function_(std::move(function)),
      is_distinct_(is_distinct),
      has_filter_(filter != nullptr) {}

ExprPtr AggregateCall::WithChildren(ExprList children) const {
  ExprPtr filter;
  if (has_filter_) {
    filter = std::move(children.back());
    children.pop_back();
  }
  return std::make_shared<AggregateCall>(name_, function_, type(), nullable(), std::move(children), is_distinct_,
                                         std::move(filter));
}

bool IsDeterministic(const Expression& expr) {
  if (const auto* call = expr.As<Call>(); call && !call->kernel().deterministic) return false;
  return std::all_of(expr.children().begin(), expr.children().end(),
                     [](const ExprPtr& child) { return IsDeterministic(*child); });
}

bool IsConstant(const Expression& expr) {
  switch (expr.kind()) {
    case Expression::Kind::kColumnRef:
    case Expression::Kind::kInputRef:
    case Expression::Kind::kAggregate: return false;
    default: break;
  }
  if (const auto* call = expr.As<Call>(); call && !call->kernel().deterministic) return false;
  return std::all_of(expr.children().begin(), expr.children().end(),
                     [](const ExprPtr& child) { return IsConstant(*child); });
}

std::vector<ColumnId> ReferencedColumns(const Expression& expr) {
  std::vector<ColumnId> ids;
  CollectColumns(expr, ids);
  return ids;
}

ExprList SplitConjuncts(const ExprPtr& predicate) {
  ExprList conjuncts;
  CollectConjuncts(predicate, conjuncts);
  return conjuncts;
}

ExprPtr JoinConjuncts(ExprList conjuncts) {
  if (conjuncts.empty()) return nullptr;
  if (conjuncts.size() == 1) return conjuncts[0];
  return std::make_shared<Conjunction>(Conjunction::Op::kAnd, std::move(conjuncts));
}

}  // namespace quell
