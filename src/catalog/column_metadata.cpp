#include "catalog/column_metadata.h"

#include "base/json_writer.h"
#include "delta/schema/field_metadata.h"

namespace quell::catalog {
namespace {

constexpr char kCommentKey[] = "comment";
// The type with its limits: the one of the schema says STRING.
constexpr char kCharVarcharKey[] = "__CHAR_VARCHAR_TYPE_STRING";

LimitedType ParseType(const Field& column, const std::string& text) {
  try {
    return ParseLimitedType(text);
  } catch (const Error& error) {
    throw Error(delta::error_class::kMalformedLog,
                "cannot read the lengths of the column {}: {}; the table's schema is damaged", column.name,
                error.message());
  }
}

}  // namespace

std::string ColumnMetadata(const std::string& comment, const LimitedType& type) {
  const bool is_limited = type.limits.any();
  if (comment.empty() && !is_limited) return {};
  JsonWriter json;
  json.BeginObject();
  if (!comment.empty()) json.Member(kCommentKey, comment);
  if (is_limited) json.Member(kCharVarcharKey, ToString(type));
  return json.EndObject().Take();
}

std::optional<LengthLimits> LengthLimitsOf(const Field& column) {
  const auto text = delta::MetadataMember<std::string>(column, kCharVarcharKey);
  if (!text) return std::nullopt;
  LimitedType limited = ParseType(column, *text);
  if (limited.type.ToString() != column.type.ToString()) {
    throw Error(delta::error_class::kMalformedLog,
                "the column {} {} is said to be {} in its metadata; the table's schema is damaged", column.name,
                column.type.ToSql(), *text);
  }
  return std::move(limited.limits);
}

}  // namespace quell::catalog
