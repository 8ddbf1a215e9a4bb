#include "catalog/files/prune_files.h"

#include <optional>

#include "base/check.h"
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

bool IsTrue(const ExprPtr& constant) {
  const Value value = EvaluateConstant(constant);
  return !value.is_null() && std::get<bool>(value.data);
}

// False only when the expression is FALSE or NULL for sure; an error is left to the scan, which names the row.
bool MayBeTrue(const ExprPtr& constant) {
  try {
    return IsTrue(constant);
  } catch (const Error&) {
    return true;
  }
}

}  // namespace

bool IsTrueOf(const ExprPtr& condition, const std::map<int, Value>& constants) {
  const ExprPtr constant = WithConstants(condition, constants);
  QUELL_CHECK(constant);
  return IsTrue(constant);
}

bool MayHoldRows(const ExprList& conjuncts, const std::map<int, Value>& constants, const storage::RangeLookup& ranges) {
  for (const ExprPtr& conjunct : conjuncts) {
    if (const ExprPtr constant = WithConstants(conjunct, constants)) {
      if (!MayBeTrue(constant)) return false;
    } else if (ranges && !storage::MayBeTrue(*conjunct, ranges)) {
      return false;
    }
  }
  return true;
}

}  // namespace quell::catalog
