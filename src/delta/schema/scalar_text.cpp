#include "delta/schema/scalar_text.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "data/civil.h"
#include "data/format.h"
#include "delta/error_classes.h"

namespace quell::delta {

namespace {

// Reads a text from its beginning, piece by piece.
class TextReader {
 public:
  explicit TextReader(std::string_view text) : text_(text) {}

  bool at_end() const { return text_.empty(); }
  bool TakeIf(char c) {
    if (text_.empty() || text_[0] != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  // Digits, at least one and at most `max_digits`.
  std::optional<int64_t> Number(size_t max_digits, size_t* num_digits = nullptr) {
    int64_t number = 0;
    size_t n = 0;
    while (n < text_.size() && n < max_digits && text_[n] >= '0' && text_[n] <= '9')
      number = number * 10 + (text_[n++] - '0');
    text_.remove_prefix(n);
    if (num_digits) *num_digits = n;
    return n > 0 ? std::optional<int64_t>(number) : std::nullopt;
  }

 private:
  std::string_view text_;
};

std::optional<int64_t> ParseDate(TextReader& reader) {
  constexpr size_t kYearDigits = 7;
  const bool is_negative = reader.TakeIf('-');
  if (!is_negative) reader.TakeIf('+');
  const auto year = reader.Number(kYearDigits);
  if (!year || !reader.TakeIf('-')) return std::nullopt;
  const auto month = reader.Number(2);
  if (!month || *month < 1 || *month > 12 || !reader.TakeIf('-')) return std::nullopt;
  const auto day = reader.Number(2);
  const int64_t signed_year = is_negative ? -*year : *year;
  if (!day || *day < 1 || *day > DaysInMonth(signed_year, static_cast<int32_t>(*month))) return std::nullopt;
  const int64_t days = DaysFromCivil(signed_year, static_cast<int32_t>(*month), static_cast<int32_t>(*day));
  return std::in_range<int32_t>(days) ? std::optional<int64_t>(days) : std::nullopt;
}

// "01:02:03.5" and "01:02" as microseconds.
std::optional<int64_t> ParseTimeOfDay(TextReader& reader) {
  const auto hour = reader.Number(2);
  if (!hour || !reader.TakeIf(':')) return std::nullopt;
  const auto minute = reader.Number(2);
  if (!minute) return std::nullopt;
  int64_t micros = *hour * kMicrosPerHour + *minute * kMicrosPerMinute;
  if (!reader.TakeIf(':')) return micros;
  const auto second = reader.Number(2);
  if (!second) return std::nullopt;
  micros += *second * kMicrosPerSecond;
  if (!reader.TakeIf('.')) return micros;
  size_t num_digits = 0;
  constexpr size_t kMaxDigits = 18;
  auto fraction = reader.Number(kMaxDigits, &num_digits);
  if (!fraction) return std::nullopt;
  for (; num_digits < 6; ++num_digits) *fraction *= 10;
  for (; num_digits > 6; --num_digits) *fraction /= 10;
  return micros + *fraction;
}

// An offset from UTC; nullopt when there is none, or none that is well-formed.
std::optional<int64_t> ParseOffset(TextReader& reader) {
  if (reader.TakeIf('Z')) return 0;
  const bool is_negative = reader.TakeIf('-');
  if (!is_negative && !reader.TakeIf('+')) return std::nullopt;
  const auto hours = reader.Number(2);
  if (!hours) return std::nullopt;
  reader.TakeIf(':');
  const int64_t offset = *hours * kMicrosPerHour + reader.Number(2).value_or(0) * kMicrosPerMinute;
  return is_negative ? -offset : offset;
}

std::optional<int64_t> ParseTimestamp(std::string_view text, bool has_zone, const TimeZone& zone) {
  TextReader reader(text);
  const auto days = ParseDate(reader);
  if (!days) return std::nullopt;
  Int128 local_us = Int128{*days} * kMicrosPerDay;
  if (!reader.at_end()) {
    if (!reader.TakeIf(' ') && !reader.TakeIf('T')) return std::nullopt;
    const auto time = ParseTimeOfDay(reader);
    if (!time) return std::nullopt;
    local_us += *time;
  }
  const bool has_offset = !reader.at_end();
  if (has_offset) {
    const auto offset_us = ParseOffset(reader);
    if (!offset_us || !reader.at_end()) return std::nullopt;
    if (has_zone) local_us -= *offset_us;
  }
  return has_zone && !has_offset ? FitUtc(zone, local_us) : FitMicros(local_us);
}

// Of at most `precision` digits, none of them lost to the scale.
std::optional<Int128> ParseDecimal(std::string_view text, int32_t precision, int32_t scale) {
  int32_t exponent = 0;
  if (const size_t e = text.find_first_of("eE"); e != std::string_view::npos) {
    std::string_view digits = text.substr(e + 1);
    if (digits.starts_with('+')) digits.remove_prefix(1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    text = text.substr(0, e);
  }
  const bool is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) text.remove_prefix(1);
  Int128 unscaled = 0;
  int64_t digits_behind_point = 0;
  int num_digits = 0;
  bool behind_point = false;
  for (const char c : text) {
    if (c == '.' && !behind_point) {
      behind_point = true;
    } else if (c >= '0' && c <= '9' && num_digits < Type::kMaxPrecision) {
      unscaled = unscaled * 10 + (c - '0');
      num_digits += unscaled != 0;
      digits_behind_point += behind_point;
    } else {
      return std::nullopt;
    }
  }
  int64_t missing = scale - digits_behind_point + exponent;
  if (text.empty() || std::abs(missing) > Type::kMaxPrecision) return std::nullopt;
  if (unscaled != 0 && num_digits + missing > precision) return std::nullopt;
  for (; missing > 0; --missing) unscaled *= 10;
  for (; missing < 0; ++missing) {
    if (unscaled % 10 != 0) return std::nullopt;
    unscaled /= 10;
  }
  return is_negative ? -unscaled : unscaled;
}

std::optional<double> ParseDouble(std::string_view text) {
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (text == "Infinity") return std::numeric_limits<double>::infinity();
  if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

template <typename T>
std::optional<Value> ParseInteger(std::string_view text) {
  T value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return Value{int64_t{value}};
}

template <typename T>
std::optional<Value> Hold(std::optional<T> value) {
  return value ? std::optional<Value>(Value{std::move(*value)}) : std::nullopt;
}

}  // namespace

std::optional<Value> ParseScalar(std::string_view text, const Type& type, const TimeZone& zone) {
  switch (type.id()) {
    case TypeId::kBoolean:
      if (text == "true") return Value{true};
      if (text == "false") return Value{false};
      return std::nullopt;
    case TypeId::kByte: return ParseInteger<int8_t>(text);
    case TypeId::kShort: return ParseInteger<int16_t>(text);
    case TypeId::kInt: return ParseInteger<int32_t>(text);
    case TypeId::kLong: return ParseInteger<int64_t>(text);
    case TypeId::kFloat: {
      // Rounded as the column's values are, so that both compare equal.
      const auto value = ParseDouble(text);
      return value ? std::optional<Value>(Value{double{static_cast<float>(*value)}}) : std::nullopt;
    }
    case TypeId::kDouble: return Hold(ParseDouble(text));
    case TypeId::kDecimal: return Hold(ParseDecimal(text, type.precision(), type.scale()));
    case TypeId::kString:
    case TypeId::kBinary: return Value{std::string(text)};
    case TypeId::kDate: {
      TextReader reader(text);
      return Hold(ParseDate(reader));
    }
    case TypeId::kTimestamp: return Hold(ParseTimestamp(text, true, zone));
    case TypeId::kTimestampNtz: return Hold(ParseTimestamp(text, false, zone));
    default: return std::nullopt;
  }
}

Value ParsePartitionValue(const std::optional<std::string>& text, const Type& type, const TimeZone& zone) {
  if (!text || text->empty()) return Value{};
  auto value = ParseScalar(*text, type, zone);
  if (!value) {
    throw Error(error_class::kMalformedLog, "cannot read the partition value '{}' as {}; the log is damaged", *text,
                type.ToSql());
  }
  return std::move(*value);
}

std::optional<std::string> FormatPartitionValue(const Value& value, const Type& type) {
  if (value.is_null()) return std::nullopt;
  if (type.id() == TypeId::kTimestamp) {
    const int64_t us = std::get<int64_t>(value.data);
    const int64_t days = FloorDiv(us, kMicrosPerDay);
    const int64_t time = FloorMod(us, kMicrosPerDay);
    return fmt::format("{}T{:02}:{:02}:{:02}.{:06}Z", FormatDate(days), time / kMicrosPerHour,
                       time / kMicrosPerMinute % 60, time / kMicrosPerSecond % 60, time % kMicrosPerSecond);
  }
  std::string text = FormatValue(value, type);
  return text.empty() ? std::nullopt : std::optional<std::string>(std::move(text));
}

}  // namespace quell::delta
