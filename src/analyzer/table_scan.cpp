#include "analyzer/relation_analyzer.h"
#include "analyzer/table_name.h"
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

std::string WayOut(const catalog::TableName& name) {
  if (name.path_format() == "delta") return "check the path, or make the table with CREATE TABLE ... AS SELECT";
  return "check the name, or read files by their path: parquet.`/path`";
}

}  // namespace

AnalyzedRelation ScanTable(const Context& context, const catalog::TableName& given, SourceLocation location) {
  const auto [name, table] = FindTable(context, given);
  if (!table) {
    throw Error(error_class::kTableOrViewNotFound, location, "table or view not found: {}; {}", Quoted(name.parts),
                WayOut(name));
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
