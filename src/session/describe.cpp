#include "session/describe.h"

#include "analyzer/table_name.h"
#include "base/error_classes.h"

namespace quell {

catalog::DescriptionRows DescribeSchema(const Schema& schema) {
  const Type text(TypeId::kString);
  catalog::DescriptionRows rows{
      Schema({{"col_name", text, false}, {"data_type", text, false}, {"comment", text, true}}), {}};
  for (const Field& field : schema.fields())
    rows.values.push_back({Value{field.name}, Value{field.type.ToString()}, Value{}});
  return rows;
}

catalog::DescriptionRows DescribeTable(const unresolved::Describe& describe, const analyzer::Context& context) {
  const auto [name, table] = analyzer::FindTable(context, analyzer::CatalogName(context, describe.table));
  if (!table) throw Error(error_class::kTableOrViewNotFound, "table not found: {}; check the name", name.ToString());
  switch (describe.kind) {
    case unresolved::Describe::Kind::kDetail: return table->Detail();
    case unresolved::Describe::Kind::kHistory: return table->History();
    default: break;
  }
  catalog::DescriptionRows rows = DescribeSchema(table->schema());
  if (table->partition_columns().empty()) return rows;
  rows.values.push_back({Value{std::string("# Partition Information")}, Value{std::string()}, Value{std::string()}});
  rows.values.push_back(
      {Value{std::string("# col_name")}, Value{std::string("data_type")}, Value{std::string("comment")}});
  for (const std::string& name : table->partition_columns()) {
    const Field& field = table->schema().field(*table->schema().IndexOf(name));
    rows.values.push_back({Value{name}, Value{field.type.ToString()}, Value{}});
  }
  return rows;
}

}  // namespace quell
