#include "expression/coercion.h"

#include <algorithm>

#include "base/check.h"

namespace quell {

namespace {

int NumericRank(const Type& type) { return static_cast<int>(type.id()); }

// Of two decimals, the one that holds the values of both.
Type WiderDecimal(const Type& a, const Type& b) {
  const int32_t scale = std::max(a.scale(), b.scale());
  const int32_t whole = std::max(a.precision() - a.scale(), b.precision() - b.scale());
  return BoundedDecimal(whole + scale, scale);
}

std::optional<Type> WiderNumeric(const Type& a, const Type& b, bool ansi) {
  if (a.id() == TypeId::kDecimal || b.id() == TypeId::kDecimal) {
    if (a.is_fractional() || b.is_fractional()) return Type(TypeId::kDouble);
    return WiderDecimal(DecimalFor(a), DecimalFor(b));
  }
  const Type& wider = NumericRank(a) > NumericRank(b) ? a : b;
  // FLOAT would lose digits of an integer.
  if (ansi && wider.id() == TypeId::kFloat) return Type(TypeId::kDouble);
  return wider;
}

std::optional<Type> WiderDatetime(const Type& a, const Type& b) {
  if (a.id() == TypeId::kTimestamp || b.id() == TypeId::kTimestamp) return Type(TypeId::kTimestamp);
  return Type(TypeId::kTimestampNtz);
}

std::optional<Type> WiderInterval(const Type& a, const Type& b) {
  if (a.id() != b.id()) return std::nullopt;
  const int32_t start = std::min(a.start_unit(), b.start_unit());
  const int32_t end = std::max(a.end_unit(), b.end_unit());
  return a.id() == TypeId::kYearMonthInterval ? Type::YearMonthInterval(start, end) : Type::DayTimeInterval(start, end);
}

// A string beside another scalar type, under ANSI.
std::optional<Type> PromotedString(const Type& other) {
  if (other.is_integral()) return Type(TypeId::kLong);
  if (other.is_fractional() || other.id() == TypeId::kDecimal) return Type(TypeId::kDouble);
  if (other.is_interval() || other.is_nested()) return std::nullopt;
  return other;
}

using TypeRule = std::optional<Type> (*)(const Type& a, const Type& b, bool ansi);

std::optional<Type> WiderNested(const Type& a, const Type& b, bool ansi, TypeRule rule) {
  if (a.id() != b.id() || a.children().size() != b.children().size()) return std::nullopt;
  std::vector<Field> fields;
  for (size_t i = 0; i < a.children().size(); ++i) {
    const Field& x = a.children()[i];
    const Field& y = b.children()[i];
    if (a.id() == TypeId::kStruct && !SameName(x.name, y.name)) return std::nullopt;
    const std::optional<Type> type = rule(x.type, y.type, ansi);
    if (!type) return std::nullopt;
    fields.push_back(Field{x.name, *type, x.nullable || y.nullable});
  }
  if (a.id() == TypeId::kArray) return Type::Array(fields[0].type, fields[0].nullable);
  if (a.id() == TypeId::kMap) return Type::Map(fields[0].type, fields[1].type, fields[1].nullable);
  return Type::Struct(std::move(fields));
}

// What the rules of CommonType and ComparisonType share; `found` is false when they differ.
std::optional<Type> SharedRule(const Type& a, const Type& b, bool ansi, TypeRule nested, bool& found) {
  found = true;
  if (a == b) return a;
  if (a.id() == TypeId::kNull) return b;
  if (b.id() == TypeId::kNull) return a;
  if (a.is_numeric() && b.is_numeric()) return WiderNumeric(a, b, ansi);
  if (a.is_datetime() && b.is_datetime()) return WiderDatetime(a, b);
  if (a.is_interval() && b.is_interval()) return WiderInterval(a, b);
  if (a.is_nested() || b.is_nested()) return WiderNested(a, b, ansi, nested);
  const bool a_string = a.id() == TypeId::kString;
  const bool b_string = b.id() == TypeId::kString;
  if (ansi && (a_string || b_string)) return PromotedString(a_string ? b : a);
  found = false;
  return std::nullopt;
}

}  // namespace

bool IsOrderable(const Type& type) {
  if (type.id() == TypeId::kMap) return false;
  return std::all_of(type.children().begin(), type.children().end(),
                     [](const Field& field) { return IsOrderable(field.type); });
}

Type BoundedDecimal(int32_t precision, int32_t scale) {
  return Type::Decimal(std::min(precision, Type::kMaxPrecision), std::min(scale, Type::kMaxPrecision));
}

Type AdjustedDecimal(int32_t precision, int32_t scale) {
  constexpr int32_t kMinAdjustedScale = 6;
  if (precision <= Type::kMaxPrecision) return Type::Decimal(precision, scale);
  const int32_t whole_digits = precision - scale;
  const int32_t min_scale = std::min(scale, kMinAdjustedScale);
  return Type::Decimal(Type::kMaxPrecision, std::max(Type::kMaxPrecision - whole_digits, min_scale));
}

Type DecimalFor(const Type& type) {
  switch (type.id()) {
    case TypeId::kByte: return Type::Decimal(3, 0);
    case TypeId::kShort: return Type::Decimal(5, 0);
    case TypeId::kInt: return Type::Decimal(10, 0);
    case TypeId::kLong: return Type::Decimal(20, 0);
    case TypeId::kFloat: return Type::Decimal(14, 7);
    case TypeId::kDouble: return Type::Decimal(30, 15);
    case TypeId::kDecimal: return type;
    default: return Type::Decimal(38, 18);
  }
}

Type DecimalFor(const Expression& expr) {
  const auto* literal = expr.As<Literal>();
  if (!literal || !expr.type().is_integral() || literal->value().is_null()) return DecimalFor(expr.type());
  int32_t digits = 1;
  for (int64_t value = std::get<int64_t>(literal->value().data) / 10; value != 0; value /= 10) ++digits;
  return Type::Decimal(digits, 0);
}

std::optional<Type> CommonType(const Type& a, const Type& b, bool ansi) {
  bool found = false;
  const std::optional<Type> shared = SharedRule(a, b, ansi, &CommonType, found);
  if (found) return shared;
  // Without ANSI, a string beside a scalar makes both strings.
  const auto promotes = [](const Type& type) {
    return type.id() != TypeId::kBinary && type.id() != TypeId::kBoolean && !type.is_nested();
  };
  if (a.id() == TypeId::kString && promotes(b)) return a;
  if (b.id() == TypeId::kString && promotes(a)) return b;
  return std::nullopt;
}

std::optional<Type> ComparisonType(const Type& a, const Type& b, bool ansi) {
  bool found = false;
  const std::optional<Type> shared = SharedRule(a, b, ansi, &ComparisonType, found);
  if (found) return shared;
  if (a.is_interval() || b.is_interval()) return std::nullopt;
  if (a.id() == TypeId::kString && b.id() == TypeId::kDecimal) return Type(TypeId::kDouble);
  if (b.id() == TypeId::kString && a.id() == TypeId::kDecimal) return Type(TypeId::kDouble);
  if (a.id() == TypeId::kString) return b;
  if (b.id() == TypeId::kString) return a;
  return std::nullopt;
}

bool CanCoerce(const Type& from, const Type& to, bool ansi) {
  if (from == to || from.id() == TypeId::kNull) return true;
  if (from.is_nested() || to.is_nested()) {
    if (from.id() != to.id() || from.children().size() != to.children().size()) return false;
    for (size_t i = 0; i < from.children().size(); ++i) {
      if (!CanCoerce(from.children()[i].type, to.children()[i].type, ansi)) return false;
    }
    return true;
  }
  if (to.id() == TypeId::kString) return from.id() != TypeId::kBinary || !ansi;
  if (from.id() == TypeId::kString) return !to.is_interval();
  if (from.is_numeric() && to.is_numeric()) return true;
  if (from.is_datetime() && to.is_datetime()) return true;
  return from.id() == to.id();
}

ExprPtr ImplicitCast(ExprPtr expr, const Type& to, const ExpressionSettings& settings) {
  if (expr->type() == to) return expr;
  if (const auto* literal = expr->As<Literal>(); literal && literal->value().is_null()) {
    return std::make_shared<Literal>(to, Value{});
  }
  return std::make_shared<Cast>(std::move(expr), to, settings.ansi ? CastMode::kAnsi : CastMode::kLegacy,
                                settings.time_zone);
}

}  // namespace quell
