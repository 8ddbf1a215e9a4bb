#include "delta/schema/column_mapping.h"

#include <algorithm>

#include "delta/schema/field_metadata.h"

namespace quell::delta {

namespace {

constexpr char kPhysicalName[] = "delta.columnMapping.physicalName";
constexpr char kId[] = "delta.columnMapping.id";

std::vector<Field> PhysicalFields(const std::vector<Field>& fields);

Type PhysicalType(const Type& type) {
  const auto& children = type.children();
  switch (type.id()) {
    case TypeId::kStruct: return Type::Struct(PhysicalFields(children));
    case TypeId::kArray: return Type::Array(PhysicalType(children[0].type), children[0].nullable);
    case TypeId::kMap:
      return Type::Map(PhysicalType(children[0].type), PhysicalType(children[1].type), children[1].nullable);
    default: return type;
  }
}

std::vector<Field> PhysicalFields(const std::vector<Field>& fields) {
  std::vector<Field> physical;
  physical.reserve(fields.size());
  for (const Field& field : fields) {
    physical.push_back({PhysicalName(field), PhysicalType(field.type), field.nullable, field.metadata_json});
  }
  return physical;
}

}  // namespace

ColumnMappingMode MappingModeOf(const Metadata& metadata) {
  const std::string* mode = metadata.FindProperty("delta.columnMapping.mode");
  if (!mode || *mode == "none") return ColumnMappingMode::kNone;
  if (*mode == "id") return ColumnMappingMode::kId;
  if (*mode == "name") return ColumnMappingMode::kName;
  throw Error(error_class::kUnsupportedColumnMapping, "unknown column mapping mode '{}'; known are none, name and id",
              *mode);
}

std::string PhysicalName(const Field& field) {
  return MetadataMember<std::string>(field, kPhysicalName).value_or(field.name);
}

std::optional<int32_t> ColumnId(const Field& field) {
  const auto id = MetadataMember<int64_t>(field, kId);
  return id ? std::optional<int32_t>(static_cast<int32_t>(*id)) : std::nullopt;
}

Schema PhysicalSchema(const Schema& schema, ColumnMappingMode mode) {
  return mode == ColumnMappingMode::kNone ? schema : Schema(PhysicalFields(schema.fields()));
}

bool AnyFieldHasMetadata(const std::vector<Field>& fields, const std::string& key) {
  return std::any_of(fields.begin(), fields.end(), [&](const Field& field) {
    return MetadataMember<JsonElement>(field, key).has_value() || AnyFieldHasMetadata(field.type.children(), key);
  });
}

bool AnyFieldHasType(const std::vector<Field>& fields, TypeId id) {
  return std::any_of(fields.begin(), fields.end(), [&](const Field& field) {
    return field.type.id() == id || AnyFieldHasType(field.type.children(), id);
  });
}

}  // namespace quell::delta
