#include "catalog/files/prune_files.h"

#include <optional>

#include "base/error.h"
#include "expression/evaluator.h"

namespace quell::catalog {
namespace {

// The expression with each InputRef that has a constant replaced by it; nullptr when another column is read.
ExprPtr WithConstants(const ExprPtr& expr, const std::map<int, Value>& constants) {
  bool complete = true;
  ExprPtr replaced = Transform(expr, [&](const ExprPtr& node) -> ExprPtr {
    const auto* ref = node->As<InputRef>();
    if (!ref) return node;
    const auto it = constants.find(ref->index());
    if (it == constants.end()) {
      complete = false;
      return node;
    }
    return std::make_shared<Literal>(ref->type(), it->second);
  });
  return complete ? replaced : nullptr;
}

// False only when the expression is FALSE or NULL for sure; an error is left to the scan, which names the row.
bool MayBeTrue(const ExprPtr& expr) {
  try {
    const Value value = EvaluateConstant(expr);
    return !value.is_null() && std::get<bool>(value.data);
  } catch (const Error&) {
    return true;
  }
}

bool RangeMayMatch(const std::string& op, const ColumnRange& range, const Value& bound) {
  const auto compare = [&](const std::optional<Value>& edge) { return edge ? CompareValues(*edge, bound) : 0; };
  if (op == "=") return (!range.min || compare(range.min) <= 0) && (!range.max || compare(range.max) >= 0);
  if (op == "<") return !range.min || compare(range.min) < 0;
  if (op == "<=") return !range.min || compare(range.min) <= 0;
  if (op == ">") return !range.max || compare(range.max) > 0;
  if (op == ">=") return !range.max || compare(range.max) >= 0;
  return true;
}

std::string Mirrored(const std::string& op) {
  if (op == "<") return ">";
  if (op == "<=") return ">=";
  if (op == ">") return "<";
  if (op == ">=") return "<=";
  return op;
}

bool CallMayMatch(const Call& call, const std::map<int, ColumnRange>& ranges) {
  if (call.children().size() != 2) return true;
  const auto* ref = call.children()[0]->As<InputRef>();
  const auto* literal = call.children()[1]->As<Literal>();
  std::string op = call.name();
  if (!ref) {
    ref = call.children()[1]->As<InputRef>();
    literal = call.children()[0]->As<Literal>();
    op = Mirrored(op);
  }
  if (!ref || !literal || literal->value().is_null() || ref->type().is_nested()) return true;
  const auto range = ranges.find(ref->index());
  return range == ranges.end() || RangeMayMatch(op, range->second, literal->value());
}

bool RangesMayMatch(const ExprPtr& expr, const std::map<int, ColumnRange>& ranges) {
  if (const auto* call = expr->As<Call>()) return CallMayMatch(*call, ranges);
  const auto* conjunction = expr->As<Conjunction>();
  if (!conjunction) return true;
  const bool is_and = conjunction->op() == Conjunction::Op::kAnd;
  for (const ExprPtr& child : conjunction->children()) {
    if (RangesMayMatch(child, ranges) != is_and) return !is_and;
  }
  return is_and;
}

}  // namespace

bool MayHoldRows(const ExprList& conjuncts, const std::map<int, Value>& constants, const std::map<int, ColumnRange>& ranges) {
  for (const ExprPtr& conjunct : conjuncts) {
    if (const ExprPtr constant = WithConstants(conjunct, constants); constant && !MayBeTrue(constant)) return false;
    if (!RangesMayMatch(conjunct, ranges)) return false;
  }
  return true;
}

}  // namespace quell::catalog
