// The SQL types of Spark, as values.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace quell {

enum class TypeId : uint8_t {
  kNull,  // Spark's VOID
  kBoolean,
  kByte,
  kShort,
  kInt,
  kLong,
  kFloat,
  kDouble,
  kDecimal,
  kString,
  kBinary,
  kDate,
  kTimestamp,     // TIMESTAMP: an instant
  kTimestampNtz,  // TIMESTAMP_NTZ: a wall clock without zone
  kYearMonthInterval,
  kDayTimeInterval,
  kArray,
  kMap,
  kStruct,
};

struct Field;

// A type with its parameters. Cheap to copy: children are shared and immutable.
class Type {
 public:
  Type() = default;  // VOID
  // For every id without parameters, and intervals of all their units.
  explicit Type(TypeId id) : id_(id), scale_(WidestUnit(id)) {}
  static Type Decimal(int32_t precision, int32_t scale);
  static Type Array(Type element, bool contains_null = true);
  static Type Map(Type key, Type value, bool value_contains_null = true);
  static Type Struct(std::vector<Field> fields);
  // Intervals from one unit to a smaller or the same one: YEAR 0, MONTH 1; DAY 0, HOUR 1, MINUTE 2, SECOND 3.
  static Type YearMonthInterval(int32_t start = 0, int32_t end = 1);
  static Type DayTimeInterval(int32_t start = 0, int32_t end = 3);

  TypeId id() const { return id_; }
  // Of a decimal: 1..38 digits, of which `scale` are behind the point.
  int32_t precision() const { return precision_; }
  int32_t scale() const { return scale_; }
  // Of an interval: its first and last unit.
  int32_t start_unit() const { return precision_; }
  int32_t end_unit() const { return scale_; }
  // Array: one field "element". Map: "key" and "value". Struct: its fields. Else empty.
  const std::vector<Field>& children() const;

  bool is_integral() const { return id_ >= TypeId::kByte && id_ <= TypeId::kLong; }
  bool is_fractional() const { return id_ == TypeId::kFloat || id_ == TypeId::kDouble; }
  bool is_numeric() const { return id_ >= TypeId::kByte && id_ <= TypeId::kDecimal; }
  bool is_datetime() const { return id_ >= TypeId::kDate && id_ <= TypeId::kTimestampNtz; }
  bool is_interval() const { return id_ == TypeId::kYearMonthInterval || id_ == TypeId::kDayTimeInterval; }
  bool is_nested() const { return id_ >= TypeId::kArray; }
  // A decimal whose unscaled values fit 64 bits; held as Arrow decimal64.
  bool is_short_decimal() const { return id_ == TypeId::kDecimal && precision_ <= kMaxShortDecimal; }

  // Spark's catalog string: "bigint", "decimal(12,2)", "array<int>", "struct<a:int,b:string>".
  std::string ToString() const;
  // Spark's DDL, as printed in error messages and SHOW CREATE: "BIGINT", "DECIMAL(12,2)", "STRUCT<a: INT>".
  std::string ToSql() const;

  // Nullability of children counts.
  bool operator==(const Type& other) const;

  static constexpr int32_t kMaxPrecision = 38;
  static constexpr int32_t kMaxShortDecimal = 18;

 private:
  static constexpr int16_t WidestUnit(TypeId id) {
    return id == TypeId::kYearMonthInterval ? 1 : id == TypeId::kDayTimeInterval ? 3 : 0;
  }

  TypeId id_ = TypeId::kNull;
  int16_t precision_ = 0;
  int16_t scale_ = 0;
  std::shared_ptr<const std::vector<Field>> children_;
};

// A column of a schema or a member of a nested type.
struct Field {
  std::string name;
  Type type;
  bool nullable = true;
  // A JSON object with what formats keep of a field (comment, Delta column mapping ...); empty for none. Not compared.
  std::string metadata_json = {};

  bool operator==(const Field& other) const {
    return name == other.name && type == other.type && nullable == other.nullable;
  }
};

}  // namespace quell
