#include "analyzer/relation_analyzer.h"

#include "analyzer/error_classes.h"
#include "analyzer/sort_keys.h"
#include "analyzer/table_name.h"
#include "base/error_classes.h"
#include "expression/evaluator.h"

namespace quell::analyzer {

using logical::NamedExpr;

namespace {

constexpr int kMaxDepth = 1000;

// LIMIT or OFFSET: a constant number of rows.
int64_t EvaluateCount(const Context& context, const unresolved::ExprPtr& expr, const char* clause) {
  ExpressionBinder binder(context, {});
  ExprPtr bound;
  try {
    bound = binder.Bind(expr);
  } catch (const Error& error) {
    if (!(error.error_class() == error_class::kUnresolvedColumnNoSuggestion)) throw;
    throw Error(kLimitUnfoldable, expr->location, "{} must be a constant: {}", clause, binder.NameOf(*expr));
  }
  if (!IsConstant(*bound))
    throw Error(kLimitUnfoldable, expr->location, "{} must be a constant: {}", clause, ToString(*bound));
  if (!bound->type().is_integral() && bound->type().id() != TypeId::kNull) {
    throw Error(kLimitType, expr->location, "{} must be an integer, not {}", clause, bound->type().ToSql());
  }
  const Value value = EvaluateConstant(bound);
  if (value.is_null()) throw Error(kLimitNull, expr->location, "{} must not be NULL", clause);
  const int64_t count = std::get<int64_t>(value.data);
  if (count < 0) throw Error(kLimitNegative, expr->location, "{} must not be negative: {}", clause, count);
  return count;
}

}  // namespace

AnalyzedRelation RelationAnalyzer::Analyze(const unresolved::RelationPtr& relation) {
  if (++depth_ > kMaxDepth)
    throw Error(kTooComplex, relation->location, "queries are nested too deeply; does a view name itself?");
  AnalyzedRelation result =
      std::visit([&](const auto& node) { return AnalyzeNode(node, relation->location); }, relation->node);
  --depth_;
  return result;
}

AnalyzedRelation RelationAnalyzer::AnalyzeInside(const unresolved::RelationPtr& relation, CtePtr visible) {
  std::swap(ctes_, visible);
  AnalyzedRelation result = Analyze(relation);
  std::swap(ctes_, visible);
  return result;
}

AnalyzedRelation RelationAnalyzer::AnalyzeNode(const unresolved::OneRow&, SourceLocation) {
  return {std::make_shared<logical::Values>(logical::OutputColumns{}, std::vector<ExprList>(1)), Scope()};
}

AnalyzedRelation RelationAnalyzer::AnalyzeSelect(const unresolved::Relation& select, const unresolved::Sort* sort) {
  SelectBlock block;
  block.sort = sort;
  if (const auto* project = select.As<unresolved::Project>()) {
    block.list = &project->expressions;
    block.is_distinct = project->is_distinct;
    return SelectAnalyzer(context_, Analyze(project->input), block).Analyze();
  }
  block.aggregate = select.As<unresolved::Aggregate>();
  block.list = &block.aggregate->expressions;
  block.is_distinct = block.aggregate->is_distinct;
  return SelectAnalyzer(context_, Analyze(block.aggregate->input), block).Analyze();
}

AnalyzedRelation RelationAnalyzer::AnalyzeNode(const unresolved::Project& project, SourceLocation) {
  const SelectBlock block{&project.expressions, nullptr, project.is_distinct, nullptr};
  return SelectAnalyzer(context_, Analyze(project.input), block).Analyze();
}

AnalyzedRelation RelationAnalyzer::AnalyzeNode(const unresolved::Aggregate& aggregate, SourceLocation) {
  const SelectBlock block{&aggregate.expressions, &aggregate, aggregate.is_distinct, nullptr};
  return SelectAnalyzer(context_, Analyze(aggregate.input), block).Analyze();
}

AnalyzedRelation RelationAnalyzer::AnalyzeNode(const unresolved::Filter& filter, SourceLocation) {
  AnalyzedRelation input = Analyze(filter.input);
  ExpressionBinder binder(context_, {&input.scope});
  binder.ForbidAggregates(kInvalidWhereCondition, "WHERE");
  ExprPtr predicate = binder.BindCondition(filter.condition);
  input.plan = std::make_shared<logical::Filter>(std::move(input.plan), std::move(predicate));
  return input;
}

AnalyzedRelation RelationAnalyzer::AnalyzeNode(const unresolved::Sort& sort, SourceLocation) {
  if (sort.order.empty()) return Analyze(sort.input);
  if (sort.input->As<unresolved::Project>() || sort.input->As<unresolved::Aggregate>()) {
    return AnalyzeSelect(*sort.input, &sort);
  }
  AnalyzedRelation input = Analyze(sort.input);
  ExpressionBinder binder(context_, {&input.scope});
  binder.ForbidAggregates(kUnsupportedExprForOperator, "this ORDER BY");
  std::vector<logical::SortKey> keys;
  if (sort.is_all) {
    for (const logical::OutputColumn& column : input.plan->output())
      keys.push_back(MakeSortKey(column.Ref(), sort.order[0]));
  } else {
    for (const unresolved::SortOrder& order : sort.order) {
      ExprPtr expr = ColumnAtPosition(order, input.plan->output());
      keys.push_back(MakeSortKey(expr ? expr : binder.Bind(order.child), order));
    }
  }
  input.plan = std::make_shared<logical::Sort>(std::move(input.plan), std::move(keys));
  return input;
}

AnalyzedRelation RelationAnalyzer::AnalyzeNode(const unresolved::Limit& limit, SourceLocation) {
  AnalyzedRelation input = Analyze(limit.input);
  std::optional<int64_t> count;
  if (limit.limit) count = EvaluateCount(context_, limit.limit, "LIMIT");
  const int64_t offset = limit.offset ? EvaluateCount(context_, limit.offset, "OFFSET") : 0;
  input.plan = std::make_shared<logical::Limit>(std::move(input.plan), count, offset);
  return input;
}

AnalyzedRelation RelationAnalyzer::AnalyzeNode(const unresolved::Join&, SourceLocation location) {
  throw Error(error_class::kUnsupportedFeature, location, "not supported yet: joins");
}

AnalyzedRelation RenameColumns(AnalyzedRelation input, const std::vector<std::string>& names, SourceLocation location) {
  const logical::OutputColumns& columns = input.plan->output();
  if (columns.size() != names.size()) {
    throw Error(kAssignmentArity, location, "{} names for {} columns", names.size(), columns.size());
  }
  std::vector<NamedExpr> renamed;
  for (size_t i = 0; i < names.size(); ++i) renamed.push_back(NamedExpr::New(columns[i].Ref(), names[i]));
  input.plan = std::make_shared<logical::Project>(std::move(input.plan), std::move(renamed));
  input.scope = Scope(input.plan->output(), {});
  return input;
}

AnalyzedRelation RelationAnalyzer::AnalyzeNode(const unresolved::SubqueryAlias& alias, SourceLocation location) {
  AnalyzedRelation input = Analyze(alias.input);
  if (!alias.column_names.empty()) input = RenameColumns(std::move(input), alias.column_names, location);
  input.scope = Scope(input.plan->output(), {alias.alias});
  return input;
}

AnalyzedRelation RelationAnalyzer::AnalyzeNode(const unresolved::With& with, SourceLocation) {
  CtePtr visible = ctes_;
  for (const unresolved::With::Cte& cte : with.ctes) visible = std::make_shared<const Cte>(Cte{&cte, visible});
  return AnalyzeInside(with.input, std::move(visible));
}

std::optional<AnalyzedRelation> RelationAnalyzer::FindCte(const std::string& name) {
  for (const Cte* cte = ctes_.get(); cte; cte = cte->outer.get()) {
    if (!SameName(cte->definition->name, name)) continue;
    AnalyzedRelation relation = AnalyzeInside(cte->definition->relation, cte->outer);
    if (!cte->definition->column_names.empty())
      relation = RenameColumns(std::move(relation), cte->definition->column_names, {});
    relation.scope = Scope(relation.plan->output(), {name});
    return relation;
  }
  return std::nullopt;
}

AnalyzedRelation RelationAnalyzer::AnalyzeNode(const unresolved::NamedTable& table, SourceLocation location) {
  const bool is_plain = !table.time_travel.version && !table.time_travel.timestamp;
  if (is_plain && table.name_parts.size() == 1) {
    if (std::optional<AnalyzedRelation> cte = FindCte(table.name_parts[0])) return *std::move(cte);
  }
  if (is_plain && context_.find_view) {
    if (const unresolved::RelationPtr view = context_.find_view(table.name_parts)) {
      AnalyzedRelation relation = AnalyzeInside(view, nullptr);
      relation.scope = Scope(relation.plan->output(), {table.name_parts.back()});
      return relation;
    }
  }
  return ScanTable(context_, CatalogName(context_, table), location);
}

AnalyzedRelation RelationAnalyzer::AnalyzeNode(const unresolved::DataSource& source, SourceLocation location) {
  if (source.paths.size() != 1) {
    throw Error(error_class::kUnsupportedFeature, location, "not supported yet: {} paths in one source; use a glob",
                source.paths.size());
  }
  return ScanTable(context_, {{source.format, source.paths[0]}, source.options}, location);
}

AnalyzedRelation RelationAnalyzer::AnalyzeNode(const unresolved::TableFunction& function, SourceLocation location) {
  if (function.name == "range") {
    throw Error(error_class::kWrongNumArgs, location, "range takes 1 to 4 arguments, not {}",
                function.arguments.size());
  }
  throw Error(kUnresolvableTableFunction, location, "no such table-valued function: {}; range(n) is one",
              function.name);
}

}  // namespace quell::analyzer
