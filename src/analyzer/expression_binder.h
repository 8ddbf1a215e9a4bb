// Unresolved expressions -> bound ones.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "analyzer/analyzer.h"
#include "analyzer/scope.h"
#include "plan/unresolved/expression.h"

namespace quell::analyzer {

bool ContainsAggregate(const ExprPtr& expr);
// current_date and the like need no brackets: a name that is no column may be one of them.
bool IsLiteralFunction(const NameParts& parts);

// Binds the expressions of one clause. Holds references to what it is given.
class ExpressionBinder {
 public:
  // Names are looked up in each place in turn.
  ExpressionBinder(const Context& context, std::vector<const Names*> names)
      : context_(context), names_(std::move(names)), aggregate_names_(names_) {}

  // Arguments of aggregates look their names up in these places instead.
  void set_aggregate_names(std::vector<const Names*> names) { aggregate_names_ = std::move(names); }
  // Aggregates are refused, with this error.
  void ForbidAggregates(ErrorClass error_class, std::string where) {
    forbidden_ = error_class;
    forbidden_where_ = std::move(where);
  }
  // A bound expression that stands for an unresolved one (a column that is known already), or nullptr.
  using Substitution = std::function<ExprPtr(const unresolved::Expression&)>;
  void set_substitution(Substitution substitution) { substitution_ = std::move(substitution); }

  ExprPtr Bind(const unresolved::ExprPtr& expr);
  // A condition: a BOOLEAN, or NULL.
  ExprPtr BindCondition(const unresolved::ExprPtr& expr);
  // Bound, and evaluated: a value that the plan itself needs. Without columns.
  Value Evaluate(const unresolved::ExprPtr& expr, const Type& type);
  // The columns of "target.*" as expressions with their names. Tries a struct column, too.
  std::vector<std::pair<ExprPtr, std::string>> ExpandStar(const unresolved::Star& star, const Scope& scope,
                                                          SourceLocation location);

  // Spark's name of the column that an expression without alias makes. What depends on types is right for an expression
  // that this binder has bound.
  std::string NameOf(const unresolved::Expression& expr) const;
  // expr.member or expr[key].
  ExprPtr Extract(ExprPtr base, ExprPtr key, SourceLocation location);

 private:
  ExprPtr BindNode(const unresolved::Literal& node, SourceLocation location);
  ExprPtr BindNode(const unresolved::TypedLiteral& node, SourceLocation location);
  ExprPtr BindNode(const unresolved::Attribute& node, SourceLocation location);
  ExprPtr BindNode(const unresolved::Star& node, SourceLocation location);
  ExprPtr BindNode(const unresolved::InputColumn& node, SourceLocation location);
  ExprPtr BindNode(const unresolved::Function& node, SourceLocation location);
  ExprPtr BindNode(const unresolved::Alias& node, SourceLocation location);
  ExprPtr BindNode(const unresolved::Cast& node, SourceLocation location);
  ExprPtr BindNode(const unresolved::ExtractValue& node, SourceLocation location);
  ExprPtr BindNode(const unresolved::Lambda& node, SourceLocation location);
  ExprPtr BindNode(const unresolved::NamedArgument& node, SourceLocation location);
  ExprPtr BindNode(const unresolved::Subquery& node, SourceLocation location);
  ExprPtr BindNode(const unresolved::Window& node, SourceLocation location);

  // An alias that names itself twice doubles what it stands for: too much of that is refused.
  void Count(int64_t num_nodes, SourceLocation location);
  std::optional<FoundName> Find(const NameParts& parts, SourceLocation location) const;
  std::optional<std::string> NameByType(const unresolved::Expression& expr) const;
  std::optional<std::string> NameOfAttribute(const unresolved::Attribute& attribute, SourceLocation location) const;
  const Type* TypeOf(const unresolved::ExprPtr& expr) const;
  ExprPtr Call(std::string_view name, ExprList arguments, SourceLocation location);
  ExprPtr BindAggregate(const unresolved::Function& node, const std::string& name, SourceLocation location);
  // The first of the places that holds the columns of a relation; nullptr where none does.
  const Scope* InputScope() const;
  ExprList BindArguments(const unresolved::Function& node);

  const Context& context_;
  std::vector<const Names*> names_;
  std::vector<const Names*> aggregate_names_;
  bool inside_aggregate_ = false;
  int64_t num_nodes_ = 0;
  std::optional<ErrorClass> forbidden_;
  std::string forbidden_where_;
  Substitution substitution_;
  std::unordered_map<const unresolved::Expression*, Type> types_;  // of what was bound
};

}  // namespace quell::analyzer
