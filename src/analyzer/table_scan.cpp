#include "analyzer/error_classes.h"
#include "analyzer/relation_analyzer.h"
#include "base/error_classes.h"

namespace quell::analyzer {
namespace {

// The parts before a column's name: a table by name stands in the session's catalog.
NameParts QualifierOf(const Context& context, const catalog::TableName& name) {
  NameParts qualifier = name.parts;
  if (qualifier.size() == 1) qualifier.insert(qualifier.begin(), context.settings.current_database);
  if (qualifier.size() == 2) qualifier.insert(qualifier.begin(), context.settings.current_catalog);
  return qualifier;
}

}  // namespace

catalog::TableName CatalogName(const Context& context, const unresolved::NamedTable& table) {
  catalog::TableName name{table.name_parts, table.options};
  name.version = table.time_travel.version;
  if (const unresolved::ExprPtr& expr = table.time_travel.timestamp) {
    ExpressionBinder binder(context, {});
    const Value value = binder.Evaluate(expr, Type(TypeId::kTimestamp));
    if (value.is_null()) {
      throw Error(kInvalidTimeTravelTimestamp, expr->location, "the timestamp of a time travel is NULL: {}",
                  binder.NameOf(*expr));
    }
    name.timestamp_us = std::get<int64_t>(value.data);
  }
  return name;
}

AnalyzedRelation ScanTable(const Context& context, const catalog::TableName& name, SourceLocation location) {
  const catalog::TablePtr table = context.catalog.Find(name);
  if (!table) {
    throw Error(error_class::kTableOrViewNotFound, location,
                "table or view not found: {}; check the name, or read files by "
                "their path: parquet.`/path`",
                Quoted(name.parts));
  }
  logical::OutputColumns output;
  std::vector<logical::TableColumn> columns;
  for (const Field& field : table->schema().fields()) {
    columns.push_back({static_cast<int>(output.size())});
    output.push_back({NextColumnId(), field.name, field.type, field.nullable});
  }
  const Scope scope(output, QualifierOf(context, name));
  return {std::make_shared<logical::Scan>(table, std::move(columns), std::move(output)), scope};
}

}  // namespace quell::analyzer
