#include <algorithm>
#include <array>

#include "analyzer/analyzer.h"
#include "analyzer/constraints.h"
#include "analyzer/error_classes.h"
#include "analyzer/relation_analyzer.h"
#include "analyzer/table_name.h"
#include "base/error_classes.h"
#include "catalog/column_metadata.h"

namespace quell::analyzer {
namespace {

constexpr ErrorClass kDataSourceNotFound{"DATA_SOURCE_NOT_FOUND", "42K02"};
constexpr ErrorClass kInvalidDdl{"UNSUPPORTED_FEATURE.TABLE_OPERATION", "0A000"};

// Tables by name are Delta tables, whichever of Spark's file formats USING says.
void CheckProvider(const unresolved::CreateTable& create) {
  static constexpr std::array<std::string_view, 5> kFormats = {"delta", "parquet", "csv", "json", "orc"};
  if (create.provider.empty()) return;
  const auto same = [&](std::string_view format) { return SameName(format, create.provider); };
  if (std::none_of(kFormats.begin(), kFormats.end(), same)) {
    throw Error(kDataSourceNotFound, "no such data source: {}; use delta", create.provider);
  }
  const bool is_path = create.table.name_parts.size() == 2 &&
                       std::any_of(kFormats.begin(), kFormats.end(), [&](std::string_view format) {
                         return SameName(format, create.table.name_parts[0]);
                       });
  if (is_path && !same(create.table.name_parts[0])) {
    throw Error(kInvalidDdl, "the path is a {} table, and USING says {}; make them the same",
                create.table.name_parts[0], create.provider);
  }
}

void CheckNames(const Schema& schema) {
  for (int i = 0; i < schema.num_fields(); ++i) {
    if (*schema.IndexOf(schema.field(i).name) != i) {
      throw Error(kColumnAlreadyExists, "the column {} already exists; give one of the two another name",
                  Quoted({schema.field(i).name}));
    }
  }
}

Schema DeclaredSchema(const unresolved::CreateTable& create) {
  std::vector<Field> fields;
  for (const unresolved::ColumnDefinition& column : create.columns) {
    fields.push_back(
        {column.name, column.type.type, column.nullable, catalog::ColumnMetadata(column.comment, column.type)});
  }
  return Schema(std::move(fields));
}

// The type with members that take NULL, at every depth. The keys of a map never do.
Type Nullable(const Type& type) {
  switch (type.id()) {
    case TypeId::kArray: return Type::Array(Nullable(type.children()[0].type));
    case TypeId::kMap: return Type::Map(Nullable(type.children()[0].type), Nullable(type.children()[1].type));
    case TypeId::kStruct: {
      std::vector<Field> members = type.children();
      for (Field& member : members) member = {member.name, Nullable(member.type), true, member.metadata_json};
      return Type::Struct(std::move(members));
    }
    default: return type;
  }
}

// Columns of a table that a query makes take NULL, as Spark makes them: what a query can never give today it may give
// tomorrow.
Schema AllNullable(const Schema& schema) {
  std::vector<Field> fields = schema.fields();
  for (Field& field : fields) field = {field.name, Nullable(field.type), true, field.metadata_json};
  return Schema(std::move(fields));
}

// No rows of these columns.
logical::PlanPtr NoRows(const Schema& schema) {
  logical::OutputColumns columns;
  for (const Field& field : schema.fields())
    columns.push_back({NextColumnId(), field.name, field.type, field.nullable});
  return std::make_shared<logical::Values>(std::move(columns), std::vector<ExprList>());
}

// Names of partition columns as the schema has them.
std::vector<std::string> PartitionColumns(const unresolved::CreateTable& create, const Schema& schema) {
  std::vector<std::string> columns;
  for (const std::string& name : create.partitioned_by) {
    const std::optional<int> index = schema.IndexOf(name);
    if (!index) {
      const Scope scope(NoRows(schema)->output(), {});
      ThrowUnresolvedColumn({name}, {&scope}, {});
    }
    columns.push_back(schema.field(*index).name);
  }
  return columns;
}

catalog::WriteMode ModeOf(unresolved::CreateTable::Mode mode) {
  using Mode = unresolved::CreateTable::Mode;
  const bool replaces = mode == Mode::kCreateOrReplace || mode == Mode::kReplace;
  return replaces ? catalog::WriteMode::kCreateOrReplace : catalog::WriteMode::kCreate;
}

}  // namespace

AnalyzedPlan Analyze(const unresolved::CreateTable& create, const Context& context) {
  CheckProvider(create);
  if (!create.location.empty()) {
    throw Error(error_class::kUnsupportedFeature,
                "not supported yet: LOCATION of a table by name; name the table by its path: "
                "delta.`{}`",
                create.location);
  }
  if (create.query && !create.columns.empty()) {
    throw Error({"INVALID_SQL_SYNTAX", "42000"},
                "CREATE TABLE AS SELECT takes its columns from the query; leave the list out");
  }
  AnalyzedPlan analyzed;
  if (create.query) {
    analyzed = Analyze(create.query, context);
    analyzed.schema = AllNullable(analyzed.schema);
  } else {
    analyzed.schema = DeclaredSchema(create);
    analyzed.plan = NoRows(analyzed.schema);
  }
  CheckNames(analyzed.schema);
  catalog::WriteRequest request{
      .table = CatalogName(context, create.table), .mode = ModeOf(create.mode), .schema = analyzed.schema};
  if (create.mode == unresolved::CreateTable::Mode::kReplace && !context.catalog.Find(request.table)) {
    throw Error(error_class::kTableOrViewNotFound, "table not found: {}; use CREATE OR REPLACE TABLE",
                Quoted(request.table.parts));
  }
  request.has_query = create.query != nullptr;
  request.partitioned_by = PartitionColumns(create, analyzed.schema);
  request.properties = create.properties;
  request.if_not_exists = create.mode == unresolved::CreateTable::Mode::kCreateIfNotExists;
  request.overwrite_schema = request.mode == catalog::WriteMode::kCreateOrReplace;
  analyzed.plan =
      RequireConstraints(std::move(analyzed.plan), request.schema, context.catalog.ConstraintsOf(request), context);
  return {std::make_shared<logical::Write>(std::move(analyzed.plan), std::move(request)), Schema()};
}

}  // namespace quell::analyzer
