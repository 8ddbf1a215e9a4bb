#include "delta/schema/schema_json.h"

#include <gtest/gtest.h>

#include "delta/error_classes.h"
#include "delta/schema/column_mapping.h"

namespace quell::delta {
namespace {

TEST(SchemaJsonTest, NestedTypesAndNullabilityComeBack) {
  const Schema schema({
      {"id", Type(TypeId::kLong), false},
      {"amount", Type::Decimal(12, 2)},
      {"when", Type(TypeId::kTimestamp), true, R"({"comment":"a \"b\""})"},
      {"tags", Type::Array(Type(TypeId::kString), false)},
      {"more", Type::Map(Type(TypeId::kInt), Type::Struct({{"a b", Type(TypeId::kTimestampNtz), false}}), false),
       false},
      {"nothing", Type(TypeId::kNull)},
  });
  const Schema parsed = ParseSchema(SchemaToJson(schema));
  EXPECT_EQ(parsed, schema) << SchemaToJson(schema);
  EXPECT_EQ(parsed.field(2).metadata_json, schema.field(2).metadata_json);
}

TEST(SchemaJsonTest, RefusesWhatItCannotHold) {
  const auto error_of = [](const std::string& json) -> std::string {
    try {
      ParseSchema(json);
      return "none";
    } catch (const Error& error) {
      return error.error_class().name;
    }
  };
  EXPECT_EQ(error_of(""), error_class::kSchemaNotSet.name);
  EXPECT_EQ(error_of("{"), error_class::kMalformedLog.name);
  EXPECT_EQ(error_of(R"({"type":"struct"})"), error_class::kMalformedLog.name);
  EXPECT_EQ(error_of(R"({"type":"struct","fields":[{"name":"v","type":"variant"}]})"),
            error_class::kUnsupportedDataType.name);
  EXPECT_THROW(SchemaToJson(Schema({{"i", Type::DayTimeInterval()}})), Error);
}

TEST(ColumnMappingTest, PhysicalNamesAtEveryDepth) {
  const Schema schema = ParseSchema(R"({"type":"struct","fields":[{"name":"s","type":{"type":"struct","fields":[
    {"name":"x","type":"long","metadata":{"delta.columnMapping.id":2,"delta.columnMapping.physicalName":"col-2"}}]},
    "metadata":{"delta.columnMapping.id":1,"delta.columnMapping.physicalName":"col-1"}}]})");
  EXPECT_EQ(PhysicalSchema(schema, ColumnMappingMode::kName).ToString(), "struct<col-1:struct<col-2:bigint>>");
  EXPECT_EQ(PhysicalSchema(schema, ColumnMappingMode::kNone), schema);
  EXPECT_EQ(ColumnId(schema.field(0)), 1);
  EXPECT_TRUE(AnyFieldHasMetadata(schema.fields(), "delta.columnMapping.id"));
  EXPECT_FALSE(AnyFieldHasMetadata(schema.fields(), "delta.invariants"));
}

TEST(ColumnMappingTest, DamagedMetadataIsAnError) {
  const Type type(TypeId::kLong);
  EXPECT_THROW(PhysicalName({"x", type, true, R"({"delta.columnMapping.physicalName":{}})"}), Error);
  EXPECT_THROW(ColumnId({"x", type, true, R"({"delta.columnMapping.id":"one"})"}), Error);
}

}  // namespace
}  // namespace quell::delta
