#include "analyzer/table_name.h"

#include "analyzer/error_classes.h"
#include "analyzer/expression_binder.h"

namespace quell::analyzer {
namespace {

// delta.`path@v3` and delta.`path@20260131093000000` name a version or a time inside of the path, as in delta-spark.
std::optional<catalog::TableName> VersionInsidePath(const Context& context, const catalog::TableName& name) {
  if (name.path_format() != "delta" || name.version || name.timestamp_us) return std::nullopt;
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

FoundTable FindTable(const Context& context, const catalog::TableName& name) {
  if (catalog::TablePtr table = context.catalog.Find(name)) return {name, std::move(table)};
  const std::optional<catalog::TableName> travelled = VersionInsidePath(context, name);
  if (!travelled) return {name, nullptr};
  return {*travelled, context.catalog.Find(*travelled)};
}

}  // namespace quell::analyzer
