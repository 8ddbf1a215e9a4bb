#include "delta/checkpoint/stats_struct.h"

#include <cmath>

#include <arrow/scalar.h>
#include <arrow/type.h>

#include "base/arrow_result.h"
#include "base/json_writer.h"
#include "data/civil.h"
#include "data/format.h"
#include "delta/error_classes.h"

namespace quell::delta {

namespace {

bool WriteValue(const arrow::Array& array, int64_t row, JsonWriter* json);

bool HasValue(const arrow::Array& array, int64_t row) {
  if (array.IsNull(row)) return false;
  if (array.type_id() != arrow::Type::STRUCT) return true;
  const auto& members = static_cast<const arrow::StructArray&>(array);
  for (int i = 0; i < members.num_fields(); ++i) {
    if (HasValue(*members.field(i), row)) return true;
  }
  return false;
}

void WriteStruct(const arrow::StructArray& array, int64_t row, JsonWriter* json) {
  json->BeginObject();
  for (int i = 0; i < array.num_fields(); ++i) {
    const auto member = array.field(i);
    if (!HasValue(*member, row)) continue;
    json->Key(array.struct_type()->field(i)->name());
    if (!WriteValue(*member, row, json)) json->Null();
  }
  json->EndObject();
}

bool WriteTimestamp(const arrow::Array& array, int64_t row, JsonWriter* json) {
  const auto& type = static_cast<const arrow::TimestampType&>(*array.type());
  constexpr int64_t kNanosPerMicro = 1000;
  constexpr int64_t kMicrosPerMilli = 1000;
  int64_t us = static_cast<const arrow::TimestampArray&>(array).Value(row);
  if (type.unit() == arrow::TimeUnit::NANO) us = FloorDiv(us, kNanosPerMicro);
  if (type.unit() == arrow::TimeUnit::MILLI && __builtin_mul_overflow(us, kMicrosPerMilli, &us)) return false;
  std::string text = FormatLocalTimestamp(us);
  text[text.find(' ', 1)] = 'T';
  json->String(type.timezone().empty() ? text : text + "Z");
  return true;
}

// False when JSON has no such value.
bool WriteNumber(double value, JsonWriter* json) {
  if (!std::isfinite(value)) return false;
  json->Raw(FormatDouble(value));
  return true;
}

bool WriteValue(const arrow::Array& array, int64_t row, JsonWriter* json) {
  switch (array.type_id()) {
    case arrow::Type::STRUCT: WriteStruct(static_cast<const arrow::StructArray&>(array), row, json); return true;
    case arrow::Type::BOOL: json->Bool(static_cast<const arrow::BooleanArray&>(array).Value(row)); return true;
    case arrow::Type::INT8: json->Int(static_cast<const arrow::Int8Array&>(array).Value(row)); return true;
    case arrow::Type::INT16: json->Int(static_cast<const arrow::Int16Array&>(array).Value(row)); return true;
    case arrow::Type::INT32: json->Int(static_cast<const arrow::Int32Array&>(array).Value(row)); return true;
    case arrow::Type::INT64: json->Int(static_cast<const arrow::Int64Array&>(array).Value(row)); return true;
    case arrow::Type::FLOAT: return WriteNumber(static_cast<const arrow::FloatArray&>(array).Value(row), json);
    case arrow::Type::DOUBLE: return WriteNumber(static_cast<const arrow::DoubleArray&>(array).Value(row), json);
    case arrow::Type::STRING: json->String(static_cast<const arrow::StringArray&>(array).GetView(row)); return true;
    case arrow::Type::DATE32:
      json->String(FormatDate(static_cast<const arrow::Date32Array&>(array).Value(row)));
      return true;
    case arrow::Type::TIMESTAMP: return WriteTimestamp(array, row, json);
    case arrow::Type::DECIMAL128:
      json->Raw(static_cast<const arrow::Decimal128Array&>(array).FormatValue(row));
      return true;
    default: return false;
  }
}

}  // namespace

std::string StatsJsonAt(const arrow::Array& stats_parsed, int64_t row) {
  if (stats_parsed.type_id() != arrow::Type::STRUCT || stats_parsed.IsNull(row)) return {};
  JsonWriter json;
  WriteStruct(static_cast<const arrow::StructArray&>(stats_parsed), row, &json);
  return json.Take();
}

}  // namespace quell::delta
