#include <algorithm>

#include "base/error.h"
#include "expression/evaluator.h"
#include "optimizer/rules/map_expressions.h"
#include "optimizer/rules/rules.h"
#include "optimizer/rules/substitute.h"

namespace quell::optimizer {
namespace {

bool AllLiterals(const Expression& expr) {
  return std::all_of(expr.children().begin(), expr.children().end(),
                     [](const ExprPtr& child) { return child->As<Literal>() != nullptr; });
}

bool IsFoldableKind(const Expression& expr) {
  switch (expr.kind()) {
    case Expression::Kind::kCall:
    case Expression::Kind::kCast:
    case Expression::Kind::kConjunction:
    case Expression::Kind::kCase: return true;
    default: return false;
  }
}

std::optional<bool> BooleanLiteral(const Expression& expr) {
  const auto* literal = expr.As<Literal>();
  if (!literal || literal->value().is_null() || literal->type().id() != TypeId::kBoolean) return std::nullopt;
  return std::get<bool>(literal->value().data);
}

ExprPtr BooleanOf(bool value) { return std::make_shared<Literal>(Type(TypeId::kBoolean), Value{value}); }

// x AND true is x; x AND false is false; likewise for OR.
ExprPtr SimplifyConjunction(const ExprPtr& expr, const Conjunction& conjunction) {
  const bool absorbing = conjunction.op() == Conjunction::Op::kOr;
  ExprList kept;
  for (const ExprPtr& child : conjunction.children()) {
    const std::optional<bool> value = BooleanLiteral(*child);
    if (value == absorbing) return BooleanOf(absorbing);
    if (!value) kept.push_back(child);
  }
  if (kept.size() == conjunction.children().size()) return expr;
  if (kept.empty()) return BooleanOf(!absorbing);
  if (kept.size() == 1) return kept[0];
  return std::make_shared<Conjunction>(conjunction.op(), std::move(kept));
}

// Drops branches that are never taken, and all behind one that always is.
ExprPtr SimplifyCase(const ExprPtr& expr, const Case& node) {
  ExprList kept;
  const ExprList& children = node.children();
  for (size_t i = 0; i + 1 < children.size(); i += 2) {
    const auto* literal = children[i]->As<Literal>();
    if (!literal) {
      kept.push_back(children[i]);
      kept.push_back(children[i + 1]);
    } else if (BooleanLiteral(*children[i]) == true) {
      if (kept.empty()) return children[i + 1];
      kept.push_back(children[i + 1]);
      return std::make_shared<Case>(node.type(), std::move(kept));
    }
  }
  if (node.has_else()) kept.push_back(children.back());
  if (kept.size() == children.size()) return expr;
  if (kept.empty()) return std::make_shared<Literal>(node.type(), Value{});
  if (kept.size() == 1) return kept[0];
  return std::make_shared<Case>(node.type(), std::move(kept));
}

// named_struct('a', x, 'b', y).a is x.
ExprPtr MemberOfNewStruct(const Expression& expr) {
  const auto* member = expr.As<Call>();
  if (!member || member->name() != "get_struct_field") return nullptr;
  const auto* made = member->children()[0]->As<Call>();
  const auto* name = member->children()[1]->As<Literal>();
  if (!made || made->name() != "named_struct" || !name) return nullptr;
  const auto& fields = made->type().children();
  for (size_t i = 0; i < fields.size(); ++i) {
    if (SameName(fields[i].name, std::get<std::string>(name->value().data))) return made->children()[2 * i + 1];
  }
  return nullptr;
}

// An expression that raises an error is left as it is: it may stand where no row reaches it.
ExprPtr Evaluated(const ExprPtr& expr) {
  try {
    return std::make_shared<Literal>(expr->type(), EvaluateConstant(expr));
  } catch (const Error&) {
    return expr;
  }
}

ExprPtr Fold(const ExprPtr& expr) {
  return Transform(expr, [](const ExprPtr& node) -> ExprPtr {
    if (const auto* conjunction = node->As<Conjunction>()) {
      const ExprPtr simpler = SimplifyConjunction(node, *conjunction);
      if (simpler != node) return simpler;
    }
    if (const auto* branches = node->As<Case>()) {
      const ExprPtr simpler = SimplifyCase(node, *branches);
      if (simpler != node) return simpler;
    }
    if (ExprPtr member = MemberOfNewStruct(*node)) return member;
    if (!IsFoldableKind(*node) || !AllLiterals(*node) || !IsDeterministic(*node)) return node;
    return Evaluated(node);
  });
}

}  // namespace

logical::PlanPtr FoldConstants::Rewrite(const logical::PlanPtr& plan) const { return MapExpressions(plan, Fold); }

}  // namespace quell::optimizer
