#include "analyzer/error_classes.h"
#include "analyzer/relation_analyzer.h"
#include "base/error_classes.h"
#include "expression/functions/utf8.h"

namespace quell::analyzer {
namespace {

// The parts before a column's name: a table by name stands in the session's catalog.
NameParts QualifierOf(const Context& context, const catalog::TableName& name) {
  NameParts qualifier = name.parts;
  if (qualifier.size() == 1) qualifier.insert(qualifier.begin(), context.settings.current_database);
  if (qualifier.size() == 2) qualifier.insert(qualifier.begin(), context.settings.current_catalog);
  return qualifier;
}

bool IsDeltaPath(const catalog::TableName& name) {
  return name.parts.size() == 2 && ToLowerUtf8(name.parts[0]) == "delta";
}

// delta.`path@v3` and delta.`path@20260131093000000` name a version or a time inside of the path, as in delta-spark.
std::optional<catalog::TableName> VersionInsidePath(const Context& context, const catalog::TableName& name) {
  if (!IsDeltaPath(name) || name.version || name.timestamp_us) return std::nullopt;
  const std::string& path = name.parts[1];
  const size_t at = path.rfind('@');
  if (at == std::string::npos || at == 0) return std::nullopt;
  const std::string suffix = path.substr(at + 1);
  const bool is_version = suffix.starts_with('v') || suffix.starts_with('V');
  const std::string digits = suffix.substr(is_version ? 1 : 0);
  const bool has_digits_alone = !digits.empty() && digits.find_first_not_of("0123456789") == std::string::npos;
  constexpr size_t kTimestampDigits = 17;  // yyyyMMddHHmmssSSS
  if (!has_digits_alone || digits.size() > kTimestampDigits) return std::nullopt;
  if (!is_version && digits.size() != kTimestampDigits) return std::nullopt;
  catalog::TableName travelled{{name.parts[0], path.substr(0, at)}, name.options};
  if (is_version) {
    travelled.version = std::stoll(digits);
    return travelled;
  }
  const std::string_view d = digits;
  const std::string text = fmt::format("{}-{}-{} {}:{}:{}.{}", d.substr(0, 4), d.substr(4, 2), d.substr(6, 2),
                                       d.substr(8, 2), d.substr(10, 2), d.substr(12, 2), d.substr(14));
  const Type type(TypeId::kTimestamp);
  const Value value =
      ExpressionBinder(context, {}).Evaluate(unresolved::Make(unresolved::TypedLiteral{type, text}), type);
  travelled.timestamp_us = std::get<int64_t>(value.data);
  return travelled;
}

std::string WayOut(const catalog::TableName& name) {
  if (IsDeltaPath(name)) return "check the path, or make the table with CREATE TABLE ... AS SELECT";
  return "check the name, or read files by their path: parquet.`/path`";
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
    if (const auto travelled = VersionInsidePath(context, name)) return ScanTable(context, *travelled, location);
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
