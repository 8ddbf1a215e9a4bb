#include "sql/parser/literal.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "sql/error_classes.h"
#include "sql/parser/expression.h"

namespace quell::sql {

using namespace unresolved;

namespace {

std::string Upper(std::string_view text) {
  std::string upper(text);
  std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) { return std::toupper(c); });
  return upper;
}

// The number's digits with sign and point, and its suffix in upper case.
struct NumberText {
  std::string digits;
  std::string suffix;
  bool has_point = false;
  bool has_exponent = false;
};

NumberText Divide(std::string_view token, bool is_negative) {
  NumberText number;
  if (is_negative) number.digits = "-";
  size_t i = 0;
  for (; i < token.size(); ++i) {
    const char c = token[i];
    const bool is_exponent = c == 'e' || c == 'E';
    const bool is_sign = (c == '+' || c == '-') && number.has_exponent;
    if (!std::isdigit(static_cast<unsigned char>(c)) && c != '.' && !is_exponent && !is_sign) break;
    number.has_point |= c == '.';
    number.has_exponent |= is_exponent;
    number.digits.push_back(c);
  }
  number.suffix = Upper(token.substr(i));
  return number;
}

ExprPtr MakeDecimal(const NumberText& number, SourceLocation location) {
  std::string digits;
  int64_t scale = 0;
  bool behind_point = false;
  size_t i = number.digits[0] == '-' ? 1 : 0;
  for (; i < number.digits.size() && number.digits[i] != 'e' && number.digits[i] != 'E'; ++i) {
    if (number.digits[i] == '.') {
      behind_point = true;
      continue;
    }
    if (!digits.empty() || number.digits[i] != '0') digits.push_back(number.digits[i]);
    scale += behind_point ? 1 : 0;
  }
  if (i < number.digits.size()) {
    const int64_t exponent = std::strtoll(number.digits.c_str() + i + 1, nullptr, 10);
    scale -= std::clamp<int64_t>(exponent, -1000, 1000);
  }
  if (scale < 0 && !digits.empty()) digits.append(static_cast<size_t>(-scale), '0');
  scale = std::max<int64_t>(scale, 0);
  const int64_t precision = std::max<int64_t>({static_cast<int64_t>(digits.size()), scale, 1});
  if (precision > Type::kMaxPrecision) {
    throw Error(kDecimalPrecisionExceedsMax, location, "a decimal has at most {} digits: {}", Type::kMaxPrecision,
                number.digits);
  }
  Int128 unscaled = 0;
  for (const char c : digits) unscaled = unscaled * 10 + (c - '0');
  if (number.digits[0] == '-') unscaled = -unscaled;
  return Make(Literal{Type::Decimal(static_cast<int32_t>(precision), static_cast<int32_t>(scale)), Value{unscaled}},
              location);
}

ExprPtr MakeFloating(const NumberText& number, TypeId type, SourceLocation location) {
  const double value = std::strtod(number.digits.c_str(), nullptr);
  const bool is_float = type == TypeId::kFloat;
  if (std::isinf(is_float ? static_cast<float>(value) : value)) {
    throw Error(kInvalidNumericLiteralRange, location, "the number {} is outside the range of {}", number.digits,
                Type(type).ToString());
  }
  return Make(
      Literal{Type(type), Value{is_float ? static_cast<double>(std::strtof(number.digits.c_str(), nullptr)) : value}},
      location);
}

ExprPtr MakeInteger(const NumberText& number, SourceLocation location) {
  int64_t value = 0;
  const char* end = number.digits.data() + number.digits.size();
  const bool fits = std::from_chars(number.digits.data(), end, value).ec == std::errc();
  struct Range {
    const char* suffix;
    TypeId type;
    int64_t lowest, highest;
  };
  static constexpr Range kRanges[] = {{"Y", TypeId::kByte, INT8_MIN, INT8_MAX},
                                      {"S", TypeId::kShort, INT16_MIN, INT16_MAX},
                                      {"", TypeId::kInt, INT32_MIN, INT32_MAX},
                                      {"L", TypeId::kLong, INT64_MIN, INT64_MAX}};
  for (const Range& range : kRanges) {
    if (number.suffix != range.suffix) continue;
    if (fits && value >= range.lowest && value <= range.highest)
      return Make(Literal{Type(range.type), Value{value}}, location);
    if (!number.suffix.empty()) {
      throw Error(kInvalidNumericLiteralRange, location, "the number {} is outside the range of {}: {} to {}",
                  number.digits, Type(range.type).ToString(), range.lowest, range.highest);
    }
  }
  if (fits) return Make(Literal{Type(TypeId::kLong), Value{value}}, location);
  return MakeDecimal(number, location);
}

// Hexadecimal digits to bytes; an odd number of them begins with half a byte.
std::string DecodeHex(const std::string& text, SourceLocation location) {
  std::string padded = text.size() % 2 == 1 ? "0" + text : text;
  std::string bytes;
  for (size_t i = 0; i < padded.size(); i += 2) {
    uint8_t byte = 0;
    const char* end = padded.data() + i + 2;
    const auto parsed = std::from_chars(padded.data() + i, end, byte, 16);
    if (parsed.ec != std::errc() || parsed.ptr != end) {
      throw Error(kInvalidTypedLiteral, location, "the value of the typed literal X is invalid: '{}'", text);
    }
    bytes.push_back(static_cast<char>(byte));
  }
  return bytes;
}

}  // namespace

ExprPtr ParseNumber(TokenStream& in) {
  const SourceLocation location = in.location();
  const bool is_negative = in.AcceptSymbol("-");
  const NumberText number = Divide(in.Next().text, is_negative);
  if (number.suffix == "D") return MakeFloating(number, TypeId::kDouble, location);
  if (number.suffix == "F") return MakeFloating(number, TypeId::kFloat, location);
  if (number.suffix == "BD") return MakeDecimal(number, location);
  if (number.has_exponent) return MakeFloating(number, TypeId::kDouble, location);
  return number.has_point ? MakeDecimal(number, location) : MakeInteger(number, location);
}

ExprPtr ParseStringLiteral(TokenStream& in) {
  const SourceLocation location = in.location();
  return MakeString(in.ExpectString(), location);
}

ExprPtr ParseTypedLiteral(TokenStream& in) {
  const SourceLocation location = in.location();
  const std::string name = Upper(in.Next().text);
  const std::string text = in.ExpectString();
  if (name == "X") return Make(Literal{Type(TypeId::kBinary), Value{DecodeHex(text, location)}}, location);
  TypeId type;
  if (name == "DATE") {
    type = TypeId::kDate;
  } else if (name == "TIMESTAMP_NTZ" || (name == "TIMESTAMP" && in.timestamp_is_ntz())) {
    type = TypeId::kTimestampNtz;
  } else if (name == "TIMESTAMP" || name == "TIMESTAMP_LTZ") {
    type = TypeId::kTimestamp;
  } else {
    throw Error(kUnsupportedTypedLiteral, location,
                "literals of this type are not supported: {}; use DATE, TIMESTAMP, "
                "TIMESTAMP_NTZ, INTERVAL or X",
                name);
  }
  return Make(TypedLiteral{Type(type), text}, location);
}

}  // namespace quell::sql
