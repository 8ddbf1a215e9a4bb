#include "delta/schema/schema_json.h"

#include "base/json_writer.h"
#include "delta/spec/json_fields.h"

namespace quell::delta {

namespace {

using simdjson::dom::array;
using simdjson::dom::object;

struct PrimitiveName {
  std::string_view name;
  TypeId id;
};

constexpr PrimitiveName kPrimitives[] = {
    {"string", TypeId::kString}, {"long", TypeId::kLong},           {"integer", TypeId::kInt},
    {"short", TypeId::kShort},   {"byte", TypeId::kByte},           {"float", TypeId::kFloat},
    {"double", TypeId::kDouble}, {"boolean", TypeId::kBoolean},     {"binary", TypeId::kBinary},
    {"date", TypeId::kDate},     {"timestamp", TypeId::kTimestamp}, {"timestamp_ntz", TypeId::kTimestampNtz},
    {"void", TypeId::kNull},
};

Type ParsePrimitive(std::string_view name) {
  for (const PrimitiveName& primitive : kPrimitives) {
    if (primitive.name == name) return Type(primitive.id);
  }
  if (name == "decimal") return Type::Decimal(10, 0);
  if (name.starts_with("decimal(")) return ParseType(name);
  throw Error(error_class::kUnsupportedDataType, "the table has a column of type '{}', which Quell cannot read", name);
}

std::vector<Field> ParseFields(const object& json);

Type ParseTypeJson(const JsonElement& json) {
  if (json.is_string()) return ParsePrimitive(As<std::string>(json, "type"));
  const auto fields = As<object>(json, "type");
  const auto kind = Required<std::string>(fields, "type");
  if (kind == "struct") return Type::Struct(ParseFields(fields));
  if (kind == "array") {
    return Type::Array(ParseTypeJson(Required<JsonElement>(fields, "elementType")),
                       Optional<bool>(fields, "containsNull").value_or(true));
  }
  if (kind == "map") {
    return Type::Map(ParseTypeJson(Required<JsonElement>(fields, "keyType")),
                     ParseTypeJson(Required<JsonElement>(fields, "valueType")),
                     Optional<bool>(fields, "valueContainsNull").value_or(true));
  }
  throw Error(error_class::kUnsupportedDataType, "the table has a column of type '{}', which Quell cannot read", kind);
}

std::vector<Field> ParseFields(const object& json) {
  std::vector<Field> fields;
  for (const JsonElement& item : Required<array>(json, "fields")) {
    const auto members = As<object>(item, "fields");
    Field field;
    field.name = Required<std::string>(members, "name");
    field.type = ParseTypeJson(Required<JsonElement>(members, "type"));
    field.nullable = Optional<bool>(members, "nullable").value_or(true);
    if (const auto metadata = FindMember(members, "metadata")) {
      const auto object_of_metadata = As<object>(*metadata, "metadata");
      if (object_of_metadata.size() > 0) field.metadata_json = simdjson::minify(object_of_metadata);
    }
    fields.push_back(std::move(field));
  }
  return fields;
}

void WriteFields(JsonWriter& json, const std::vector<Field>& fields);

void WriteType(JsonWriter& json, const Type& type) {
  switch (type.id()) {
    case TypeId::kStruct: WriteFields(json, type.children()); return;
    case TypeId::kArray:
      json.BeginObject().Member("type", "array").Key("elementType");
      WriteType(json, type.children()[0].type);
      json.Member("containsNull", type.children()[0].nullable).EndObject();
      return;
    case TypeId::kMap:
      json.BeginObject().Member("type", "map").Key("keyType");
      WriteType(json, type.children()[0].type);
      json.Key("valueType");
      WriteType(json, type.children()[1].type);
      json.Member("valueContainsNull", type.children()[1].nullable).EndObject();
      return;
    case TypeId::kDecimal: json.String(type.ToString()); return;
    default: break;
  }
  for (const PrimitiveName& primitive : kPrimitives) {
    if (primitive.id == type.id()) {
      json.String(primitive.name);
      return;
    }
  }
  throw Error(error_class::kUnsupportedDataType,
              "a Delta table cannot hold the type {}; cast the column to another type", type.ToSql());
}

void WriteFields(JsonWriter& json, const std::vector<Field>& fields) {
  json.BeginObject().Member("type", "struct").Key("fields").BeginArray();
  for (const Field& field : fields) {
    json.BeginObject().Member("name", field.name).Key("type");
    WriteType(json, field.type);
    json.Member("nullable", field.nullable).Key("metadata");
    json.Raw(field.metadata_json.empty() ? "{}" : field.metadata_json).EndObject();
  }
  json.EndArray().EndObject();
}

}  // namespace

Schema ParseSchema(std::string_view json) {
  if (json.empty()) {
    throw Error(error_class::kSchemaNotSet, "the table has no schema; write data or create the table with columns");
  }
  simdjson::dom::parser parser;
  JsonElement element;
  try {
    if (const auto error = parser.parse(json.data(), json.size(), true).get(element)) {
      throw MalformedJson{simdjson::error_message(error)};
    }
    return Schema(ParseFields(As<object>(element, "schema")));
  } catch (const MalformedJson& malformed) {
    throw Error(error_class::kMalformedLog, "cannot read the schema of the table: {}; its metadata is damaged",
                malformed.reason);
  }
}

std::string SchemaToJson(const Schema& schema) {
  JsonWriter json;
  WriteFields(json, schema.fields());
  return json.Take();
}

}  // namespace quell::delta
