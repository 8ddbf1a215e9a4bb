#include "execution/physical/common_subexpressions.h"

#include <tuple>
#include <unordered_map>

namespace quell::execution {
namespace {

struct ExprHash {
  size_t operator()(const ExprPtr& expr) const { return Hash(*expr); }
};
struct ExprEqual {
  bool operator()(const ExprPtr& a, const ExprPtr& b) const { return a == b || Equal(*a, *b); }
};

struct Occurrences {
  int count = 0;
  size_t position = 0;            // in order of appearance
  int64_t nodes = 1;              // of the expression, itself included
  bool is_unconditional = false;  // at least one occurrence is computed for every row
};
using OccurrenceMap = std::unordered_map<ExprPtr, Occurrences, ExprHash, ExprEqual>;

bool IsWorthSharing(const Expression& expr) {
  return expr.kind() != Expression::Kind::kLiteral && expr.kind() != Expression::Kind::kInputRef &&
         IsDeterministic(expr);
}

// Counts `expr` and what is below; returns its number of nodes. What lies below a repeated expression is counted once
// only: it goes along with it.
int64_t CountOccurrences(const ExprPtr& expr, bool is_unconditional, OccurrenceMap* occurrences) {
  if (IsWorthSharing(*expr)) {
    Occurrences& found = (*occurrences)[expr];
    if (++found.count == 1) found.position = occurrences->size();
    const bool was_unconditional = found.is_unconditional;
    found.is_unconditional |= is_unconditional;
    if (found.count > 1 && (was_unconditional || !is_unconditional)) return found.nodes;
  }
  const bool has_branches = expr->kind() == Expression::Kind::kCase || expr->kind() == Expression::Kind::kConjunction;
  int64_t nodes = 1;
  for (size_t i = 0; i < expr->children().size(); ++i) {
    nodes += CountOccurrences(expr->children()[i], is_unconditional && (!has_branches || i == 0), occurrences);
  }
  if (IsWorthSharing(*expr)) (*occurrences)[expr].nodes = nodes;
  return nodes;
}

ExprPtr ReplaceAll(const ExprPtr& expr, const ExprPtr& part, const ExprPtr& replacement) {
  if (expr == part || Equal(*expr, *part)) return replacement;
  ExprList children = expr->children();
  bool changed = false;
  for (ExprPtr& child : children) {
    ExprPtr rewritten = ReplaceAll(child, part, replacement);
    changed |= rewritten != child;
    child = std::move(rewritten);
  }
  return changed ? expr->WithChildren(std::move(children)) : expr;
}

// The smallest repeated part, so that larger ones are built on it; the first in order of appearance among equals.
ExprPtr NextCommon(const ExprList& expressions) {
  OccurrenceMap occurrences;
  for (const ExprPtr& expr : expressions) CountOccurrences(expr, true, &occurrences);
  ExprPtr best;
  const Occurrences* best_found = nullptr;
  for (const auto& [expr, found] : occurrences) {
    if (found.count < 2 || !found.is_unconditional) continue;
    if (!best || std::tie(found.nodes, found.position) < std::tie(best_found->nodes, best_found->position)) {
      best = expr;
      best_found = &found;
    }
  }
  return best;
}

}  // namespace

ExprList ExtractCommon(int num_inputs, ExprList* expressions) {
  ExprList common;
  while (const ExprPtr part = NextCommon(*expressions)) {
    const auto ref =
        std::make_shared<InputRef>(num_inputs + static_cast<int>(common.size()), part->type(), part->nullable());
    for (ExprPtr& expr : *expressions) expr = ReplaceAll(expr, part, ref);
    common.push_back(part);
  }
  return common;
}

}  // namespace quell::execution
