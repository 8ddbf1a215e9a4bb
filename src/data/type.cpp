#include "data/type.h"

#include <algorithm>

#include "base/check.h"
#include "data/schema.h"

namespace quell {

namespace {

const char* const kYearMonthUnits[] = {"year", "month"};
const char* const kDayTimeUnits[] = {"day", "hour", "minute", "second"};

std::string IntervalName(const char* const* units, int32_t start, int32_t end) {
  std::string name = std::string("interval ") + units[start];
  if (end != start) name += std::string(" to ") + units[end];
  return name;
}

std::string ToUpper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

}  // namespace

Type Type::Decimal(int32_t precision, int32_t scale) {
  QUELL_CHECK(precision >= 1 && precision <= kMaxPrecision && scale >= 0 && scale <= precision);
  Type type(TypeId::kDecimal);
  type.precision_ = static_cast<int16_t>(precision);
  type.scale_ = static_cast<int16_t>(scale);
  return type;
}

Type Type::Array(Type element, bool contains_null) {
  Type type(TypeId::kArray);
  type.children_ = std::make_shared<const std::vector<Field>>(
      std::vector<Field>{Field{"element", std::move(element), contains_null}});
  return type;
}

Type Type::Map(Type key, Type value, bool value_contains_null) {
  Type type(TypeId::kMap);
  type.children_ = std::make_shared<const std::vector<Field>>(
      std::vector<Field>{Field{"key", std::move(key), false}, Field{"value", std::move(value), value_contains_null}});
  return type;
}

Type Type::Struct(std::vector<Field> fields) {
  Type type(TypeId::kStruct);
  type.children_ = std::make_shared<const std::vector<Field>>(std::move(fields));
  return type;
}

Type Type::YearMonthInterval(int32_t start, int32_t end) {
  QUELL_CHECK(start >= 0 && start <= end && end <= 1);
  Type type(TypeId::kYearMonthInterval);
  type.precision_ = static_cast<int16_t>(start);
  type.scale_ = static_cast<int16_t>(end);
  return type;
}

Type Type::DayTimeInterval(int32_t start, int32_t end) {
  QUELL_CHECK(start >= 0 && start <= end && end <= 3);
  Type type(TypeId::kDayTimeInterval);
  type.precision_ = static_cast<int16_t>(start);
  type.scale_ = static_cast<int16_t>(end);
  return type;
}

const std::vector<Field>& Type::children() const {
  static const std::vector<Field> kNone;
  return children_ ? *children_ : kNone;
}

bool Type::operator==(const Type& other) const {
  if (id_ != other.id_ || precision_ != other.precision_ || scale_ != other.scale_) return false;
  return children_ == other.children_ || children() == other.children();
}

std::string Type::ToString() const {
  switch (id_) {
    case TypeId::kNull: return "void";
    case TypeId::kBoolean: return "boolean";
    case TypeId::kByte: return "tinyint";
    case TypeId::kShort: return "smallint";
    case TypeId::kInt: return "int";
    case TypeId::kLong: return "bigint";
    case TypeId::kFloat: return "float";
    case TypeId::kDouble: return "double";
    case TypeId::kDecimal: return "decimal(" + std::to_string(precision_) + "," + std::to_string(scale_) + ")";
    case TypeId::kString: return "string";
    case TypeId::kBinary: return "binary";
    case TypeId::kDate: return "date";
    case TypeId::kTimestamp: return "timestamp";
    case TypeId::kTimestampNtz: return "timestamp_ntz";
    case TypeId::kYearMonthInterval: return IntervalName(kYearMonthUnits, precision_, scale_);
    case TypeId::kDayTimeInterval: return IntervalName(kDayTimeUnits, precision_, scale_);
    case TypeId::kArray: return "array<" + children()[0].type.ToString() + ">";
    case TypeId::kMap: return "map<" + children()[0].type.ToString() + "," + children()[1].type.ToString() + ">";
    case TypeId::kStruct: break;
  }
  std::string text = "struct<";
  for (const Field& field : children()) {
    if (text.back() != '<') text += ",";
    text += field.name + ":" + field.type.ToString();
  }
  return text + ">";
}

std::string Type::ToSql() const {
  switch (id_) {
    case TypeId::kArray: return "ARRAY<" + children()[0].type.ToSql() + ">";
    case TypeId::kMap: return "MAP<" + children()[0].type.ToSql() + ", " + children()[1].type.ToSql() + ">";
    case TypeId::kStruct: {
      std::string text = "STRUCT<";
      for (const Field& field : children()) {
        if (text.back() != '<') text += ", ";
        text += QuoteIfNeeded(field.name) + ": " + field.type.ToSql() + (field.nullable ? "" : " NOT NULL");
      }
      return text + ">";
    }
    default: return ToUpper(ToString());
  }
}

bool SameName(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

std::string QuoteIfNeeded(const std::string& name) {
  const bool plain =
      !name.empty() && !std::isdigit(static_cast<unsigned char>(name[0])) &&
      std::all_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x80 && (std::isalnum(c) || c == '_'); });
  if (plain) return name;
  std::string quoted = "`";
  for (const char c : name) quoted += c == '`' ? std::string("``") : std::string(1, c);
  return quoted + "`";
}

std::optional<int> Schema::IndexOf(std::string_view name) const {
  for (int i = 0; i < num_fields(); ++i) {
    if (SameName(fields_[i].name, name)) return i;
  }
  return std::nullopt;
}

std::string Schema::ToString() const { return Type::Struct(fields_).ToString(); }

}  // namespace quell
