// Relations that the statement itself holds: VALUES and range().
#include "analyzer/error_classes.h"
#include "analyzer/relation_analyzer.h"
#include "base/error_classes.h"

namespace quell::analyzer {
namespace {

// The types of the columns, which every row is cast to.
std::vector<Type> ColumnTypes(const std::vector<ExprList>& rows, bool ansi, SourceLocation location) {
  std::vector<Type> types;
  for (const ExprPtr& value : rows[0]) types.push_back(value->type());
  for (const ExprList& row : rows) {
    for (size_t i = 0; i < types.size(); ++i) {
      const std::optional<Type> common = CommonType(types[i], row[i]->type(), ansi);
      if (!common) {
        throw Error(kInlineTableTypes, location, "column {} of VALUES has values of {} and {}", i + 1, types[i].ToSql(),
                    row[i]->type().ToSql());
      }
      types[i] = *common;
    }
  }
  return types;
}

ExprPtr BindValue(const Context& context, const unresolved::ExprPtr& expr) {
  ExpressionBinder binder(context, {});
  binder.ForbidAggregates(kInlineTableValue, "VALUES");
  try {
    return binder.Bind(expr);
  } catch (const Error& error) {
    if (!(error.error_class() == error_class::kUnresolvedColumnNoSuggestion)) throw;
    throw Error(kInlineTableValue, expr->location, "VALUES takes constants only: {}", binder.NameOf(*expr));
  }
}

}  // namespace

AnalyzedRelation RelationAnalyzer::AnalyzeNode(const unresolved::LocalRelation& values, SourceLocation location) {
  std::vector<ExprList> rows;
  for (const std::vector<unresolved::ExprPtr>& row : values.rows) {
    if (row.size() != values.rows[0].size()) {
      throw Error(kInlineTableColumns, location, "row {} of VALUES has {} columns, the first has {}", rows.size() + 1,
                  row.size(), values.rows[0].size());
    }
    ExprList& bound = rows.emplace_back();
    for (const unresolved::ExprPtr& expr : row) bound.push_back(BindValue(context_, expr));
  }
  const std::vector<Type> types = ColumnTypes(rows, context_.settings.ansi, location);
  logical::OutputColumns output;
  for (size_t i = 0; i < types.size(); ++i) {
    bool nullable = false;
    for (ExprList& row : rows) {
      row[i] = ImplicitCast(std::move(row[i]), types[i], context_.settings);
      nullable |= row[i]->nullable();
    }
    output.push_back({NextColumnId(), fmt::format("col{}", i + 1), types[i], nullable});
  }
  const Scope scope(output, {});
  return {std::make_shared<logical::Values>(std::move(output), std::move(rows)), scope};
}

AnalyzedRelation RelationAnalyzer::AnalyzeNode(const unresolved::Range& range, SourceLocation location) {
  ExpressionBinder binder(context_, {});
  const auto evaluate = [&](const unresolved::ExprPtr& expr, int64_t otherwise) {
    if (!expr) return otherwise;
    const Value value = binder.Evaluate(expr, Type(TypeId::kLong));
    if (value.is_null()) throw Error(kUnexpectedInputType, expr->location, "an argument of range() is NULL");
    return std::get<int64_t>(value.data);
  };
  const int64_t step = evaluate(range.step, 1);
  if (step == 0) throw Error(kFailedFunctionCall, location, "the step of range() is 0");
  logical::OutputColumn column{NextColumnId(), "id", Type(TypeId::kLong), false};
  const Scope scope({column}, {});
  return {std::make_shared<logical::Range>(column, evaluate(range.start, 0), evaluate(range.end, 0), step), scope};
}

}  // namespace quell::analyzer
