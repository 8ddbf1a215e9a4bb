#include "data/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace quell {

namespace {

// `scientific` is a shortest representation as "d.ddde-07".
std::string JavaStyle(const std::string& scientific) {
  const size_t e = scientific.find('e');
  int exponent = std::stoi(scientific.substr(e + 1));
  std::string sign = scientific[0] == '-' ? "-" : "";
  std::string digits;
  for (const char c : scientific.substr(0, e)) {
    if (c >= '0' && c <= '9') digits += c;
  }
  if (exponent >= -3 && exponent < 7) {
    if (exponent < 0) return sign + "0." + std::string(static_cast<size_t>(-exponent - 1), '0') + digits;
    const size_t whole = static_cast<size_t>(exponent) + 1;
    if (digits.size() < whole) digits.append(whole - digits.size(), '0');
    const std::string fraction = digits.substr(whole);
    return sign + digits.substr(0, whole) + "." + (fraction.empty() ? "0" : fraction);
  }
  const std::string fraction = digits.substr(1);
  return sign + digits[0] + "." + (fraction.empty() ? "0" : fraction) + "E" + std::to_string(exponent);
}

// The shortest digits: fmt's "{}" gives them, in whatever notation.
template <typename T>
std::string FormatShortest(T value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  if (value == 0) return std::signbit(value) ? "-0.0" : "0.0";
  const std::string shortest = fmt::format("{}", value);
  // Normalizes "123.45", "1e-07" and "1.5e+20" to scientific notation.
  const size_t e = shortest.find('e');
  int exponent = e == std::string::npos ? 0 : std::stoi(shortest.substr(e + 1));
  const std::string mantissa = shortest.substr(0, e);
  std::string digits;
  int point = -1;
  for (const char c : mantissa) {
    if (c == '.') point = static_cast<int>(digits.size());
    if (c >= '0' && c <= '9') digits += c;
  }
  if (point < 0) point = static_cast<int>(digits.size());
  const size_t leading = std::min(digits.find_first_not_of('0'), digits.size() - 1);
  exponent += point - 1 - static_cast<int>(leading);
  digits.erase(0, leading);
  while (digits.size() > 1 && digits.back() == '0') digits.pop_back();
  return JavaStyle((value < 0 ? "-" : "") + digits.substr(0, 1) + "." + digits.substr(1) + "e" +
                   std::to_string(exponent));
}

std::string Fraction(int64_t micros) {
  if (micros == 0) return "";
  std::string text = fmt::format(".{:06}", micros);
  while (text.back() == '0') text.pop_back();
  return text;
}

std::string FormatYearMonth(int64_t months, const Type& type) {
  const char* sign = months < 0 ? "-" : "";
  const uint64_t magnitude = months < 0 ? -static_cast<uint64_t>(months) : static_cast<uint64_t>(months);
  if (type.end_unit() == 0) return fmt::format("INTERVAL '{}{}' YEAR", sign, magnitude / 12);
  if (type.start_unit() == 1) return fmt::format("INTERVAL '{}{}' MONTH", sign, magnitude);
  return fmt::format("INTERVAL '{}{}-{}' YEAR TO MONTH", sign, magnitude / 12, magnitude % 12);
}

std::string FormatDayTime(int64_t micros, const Type& type) {
  static constexpr const char* kNames[] = {"DAY", "HOUR", "MINUTE", "SECOND"};
  static constexpr uint64_t kUnits[] = {kMicrosPerDay, kMicrosPerHour, kMicrosPerMinute, kMicrosPerSecond};
  uint64_t rest = micros < 0 ? -static_cast<uint64_t>(micros) : static_cast<uint64_t>(micros);
  std::string text = micros < 0 ? "-" : "";
  for (int32_t unit = type.start_unit(); unit <= type.end_unit(); ++unit) {
    const uint64_t count = rest / kUnits[unit];
    rest %= kUnits[unit];
    if (unit == type.start_unit()) {
      text += unit == 0 ? fmt::format("{}", count) : fmt::format("{:02}", count);
    } else {
      text += fmt::format("{}{:02}", unit == 1 ? " " : ":", count);
    }
    if (unit == 3) text += Fraction(static_cast<int64_t>(rest));
  }
  std::string units = kNames[type.start_unit()];
  if (type.end_unit() != type.start_unit()) units += std::string(" TO ") + kNames[type.end_unit()];
  return fmt::format("INTERVAL '{}' {}", text, units);
}

}  // namespace

std::string FormatInt128(Int128 value) {
  if (value == 0) return "0";
  auto magnitude = value < 0 ? -static_cast<unsigned __int128>(value) : static_cast<unsigned __int128>(value);
  char digits[40];
  char* begin = digits + sizeof(digits);
  char* const end = begin;
  for (; magnitude > 0; magnitude /= 10) *--begin = static_cast<char>('0' + static_cast<int>(magnitude % 10));
  if (value < 0) *--begin = '-';
  return std::string(begin, end);
}

std::string FormatDecimal(Int128 unscaled, int32_t scale) {
  std::string text = FormatInt128(unscaled);
  if (scale == 0) return text;
  const size_t sign = text[0] == '-' ? 1 : 0;
  const size_t digits = text.size() - sign;
  const auto needed = static_cast<size_t>(scale) + 1;
  if (digits < needed) text.insert(sign, needed - digits, '0');
  text.insert(text.size() - static_cast<size_t>(scale), ".");
  return text;
}

std::string FormatDouble(double value) { return FormatShortest(value); }
std::string FormatFloat(float value) { return FormatShortest(value); }

std::string FormatDate(int64_t days) {
  const Civil civil = CivilFromDays(days);
  if (civil.year > 9999) return fmt::format("+{}-{:02}-{:02}", civil.year, civil.month, civil.day);
  if (civil.year < 0) return fmt::format("-{:04}-{:02}-{:02}", -civil.year, civil.month, civil.day);
  return fmt::format("{:04}-{:02}-{:02}", civil.year, civil.month, civil.day);
}

std::string FormatLocalTimestamp(int64_t local_us) { return FormatLocalTime(LocalTimeAt(local_us, 0)); }

std::string FormatLocalTime(const LocalTime& local) {
  const int64_t time = local.time_us;
  return fmt::format("{} {:02}:{:02}:{:02}{}", FormatDate(local.days), time / kMicrosPerHour,
                     time / kMicrosPerMinute % 60, time / kMicrosPerSecond % 60, Fraction(time % kMicrosPerSecond));
}

std::string FormatInterval(int64_t value, const Type& type) {
  return type.id() == TypeId::kYearMonthInterval ? FormatYearMonth(value, type) : FormatDayTime(value, type);
}

}  // namespace quell
