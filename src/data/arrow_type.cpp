// Types of columns and of Arrow, each as the other.
#include <arrow/type.h>

#include "base/error.h"
#include "data/column.h"

namespace quell {

namespace {

constexpr ErrorClass kUnsupportedDatatype{"UNSUPPORTED_DATATYPE", "0A000"};

std::shared_ptr<arrow::Field> ToArrowField(const Field& field) {
  return arrow::field(field.name, ToArrowType(field.type), field.nullable);
}

Field FromArrowField(const arrow::Field& field) {
  return Field{field.name(), FromArrowType(*field.type()), field.nullable()};
}

Type FromArrowStruct(const arrow::DataType& type) {
  std::vector<Field> fields;
  for (const auto& field : type.fields()) fields.push_back(FromArrowField(*field));
  return Type::Struct(std::move(fields));
}

}  // namespace

std::shared_ptr<arrow::DataType> ToArrowType(const Type& type) {
  switch (type.id()) {
    case TypeId::kNull: return arrow::null();
    case TypeId::kBoolean: return arrow::boolean();
    case TypeId::kByte: return arrow::int8();
    case TypeId::kShort: return arrow::int16();
    case TypeId::kYearMonthInterval:
    case TypeId::kInt: return arrow::int32();
    case TypeId::kDayTimeInterval:
    case TypeId::kLong: return arrow::int64();
    case TypeId::kFloat: return arrow::float32();
    case TypeId::kDouble: return arrow::float64();
    case TypeId::kDecimal:
      if (type.is_short_decimal()) return std::make_shared<arrow::Decimal64Type>(type.precision(), type.scale());
      return arrow::decimal128(type.precision(), type.scale());
    case TypeId::kString: return arrow::utf8();
    case TypeId::kBinary: return arrow::binary();
    case TypeId::kDate: return arrow::date32();
    case TypeId::kTimestamp: {
      static const auto kInstant = arrow::timestamp(arrow::TimeUnit::MICRO, "UTC");
      return kInstant;
    }
    case TypeId::kTimestampNtz: {
      static const auto kWallClock = arrow::timestamp(arrow::TimeUnit::MICRO);
      return kWallClock;
    }
    case TypeId::kArray: return arrow::list(ToArrowField(type.children()[0]));
    case TypeId::kMap: return arrow::map(ToArrowType(type.children()[0].type), ToArrowField(type.children()[1]));
    case TypeId::kStruct: break;
  }
  arrow::FieldVector fields;
  for (const Field& field : type.children()) fields.push_back(ToArrowField(field));
  return arrow::struct_(std::move(fields));
}

Type FromArrowType(const arrow::DataType& type) {
  switch (type.id()) {
    case arrow::Type::NA: return Type();
    case arrow::Type::BOOL: return Type(TypeId::kBoolean);
    case arrow::Type::INT8: return Type(TypeId::kByte);
    case arrow::Type::UINT8:
    case arrow::Type::INT16: return Type(TypeId::kShort);
    case arrow::Type::UINT16:
    case arrow::Type::INT32: return Type(TypeId::kInt);
    case arrow::Type::UINT32:
    case arrow::Type::INT64: return Type(TypeId::kLong);
    case arrow::Type::UINT64: return Type::Decimal(20, 0);
    case arrow::Type::HALF_FLOAT:
    case arrow::Type::FLOAT: return Type(TypeId::kFloat);
    case arrow::Type::DOUBLE: return Type(TypeId::kDouble);
    case arrow::Type::DECIMAL32:
    case arrow::Type::DECIMAL64:
    case arrow::Type::DECIMAL128:
    case arrow::Type::DECIMAL256: {
      const auto& decimal = static_cast<const arrow::DecimalType&>(type);
      if (decimal.precision() > Type::kMaxPrecision || decimal.scale() < 0 || decimal.scale() > decimal.precision())
        break;
      return Type::Decimal(decimal.precision(), decimal.scale());
    }
    case arrow::Type::STRING:
    case arrow::Type::LARGE_STRING:
    case arrow::Type::STRING_VIEW: return Type(TypeId::kString);
    case arrow::Type::BINARY:
    case arrow::Type::LARGE_BINARY:
    case arrow::Type::BINARY_VIEW:
    case arrow::Type::FIXED_SIZE_BINARY: return Type(TypeId::kBinary);
    case arrow::Type::DATE32:
    case arrow::Type::DATE64: return Type(TypeId::kDate);
    case arrow::Type::TIMESTAMP: {
      const bool instant = !static_cast<const arrow::TimestampType&>(type).timezone().empty();
      return Type(instant ? TypeId::kTimestamp : TypeId::kTimestampNtz);
    }
    case arrow::Type::INTERVAL_MONTHS: return Type::YearMonthInterval();
    case arrow::Type::DURATION: return Type::DayTimeInterval();
    case arrow::Type::LIST:
    case arrow::Type::LARGE_LIST:
    case arrow::Type::LIST_VIEW:
    case arrow::Type::FIXED_SIZE_LIST: {
      const auto& element = *type.field(0);
      return Type::Array(FromArrowType(*element.type()), element.nullable());
    }
    case arrow::Type::MAP: {
      const auto& map = static_cast<const arrow::MapType&>(type);
      return Type::Map(FromArrowType(*map.key_type()), FromArrowType(*map.item_type()), map.item_field()->nullable());
    }
    case arrow::Type::STRUCT: return FromArrowStruct(type);
    case arrow::Type::DICTIONARY: return FromArrowType(*static_cast<const arrow::DictionaryType&>(type).value_type());
    default: break;
  }
  throw Error(kUnsupportedDatatype, "no SQL type holds values of the type {}", type.ToString());
}

std::shared_ptr<arrow::Schema> ToArrowSchema(const Schema& schema) {
  arrow::FieldVector fields;
  for (const Field& field : schema.fields()) fields.push_back(ToArrowField(field));
  return arrow::schema(std::move(fields));
}

Schema FromArrowSchema(const arrow::Schema& schema) {
  std::vector<Field> fields;
  for (const auto& field : schema.fields()) fields.push_back(FromArrowField(*field));
  return Schema(std::move(fields));
}

}  // namespace quell
