#include "expression/datetime_text.h"

#include "data/civil.h"
#include "data/schema.h"

namespace quell {

namespace {

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}
  bool done() const { return at_ >= text_.size(); }
  char peek() const { return done() ? '\0' : text_[at_]; }
  std::string_view rest() const { return text_.substr(at_); }
  bool Take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  // A number of `min` to `max` digits.
  std::optional<int64_t> Digits(size_t min, size_t max) {
    const size_t begin = at_;
    int64_t value = 0;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') {
      if (at_ - begin == max) return std::nullopt;
      value = value * 10 + (text_[at_++] - '0');
    }
    if (at_ - begin < min) return std::nullopt;
    return value;
  }
  // Digits behind the point in microseconds.
  std::optional<int64_t> Micros() {
    int64_t value = 0;
    int64_t count = 0;
    for (; !done() && peek() >= '0' && peek() <= '9'; ++at_, ++count) {
      if (count < 6) value = value * 10 + (peek() - '0');
    }
    for (; count < 6; ++count) value *= 10;
    return value;
  }

 private:
  std::string_view text_;
  size_t at_ = 0;
};

// The date in front; the scanner stands behind it.
std::optional<int64_t> ScanDate(Scanner& scan) {
  const bool negative = scan.peek() == '-';
  if (!scan.Take('-')) scan.Take('+');
  const auto year = scan.Digits(4, 7);
  if (!year) return std::nullopt;
  int64_t month = 1;
  int64_t day = 1;
  if (scan.Take('-')) {
    const auto digits = scan.Digits(1, 2);
    if (!digits) return std::nullopt;
    month = *digits;
    if (scan.Take('-')) {
      const auto day_digits = scan.Digits(1, 2);
      if (!day_digits) return std::nullopt;
      day = *day_digits;
    }
  }
  const int64_t signed_year = negative ? -*year : *year;
  if (month < 1 || month > 12 || day < 1 || day > DaysInMonth(signed_year, static_cast<int32_t>(month))) {
    return std::nullopt;
  }
  return DaysFromCivil(signed_year, static_cast<int32_t>(month), static_cast<int32_t>(day));
}

std::optional<int64_t> ScanTime(Scanner& scan) {
  const auto hour = scan.Digits(1, 2);
  if (!hour || *hour > 23) return std::nullopt;
  int64_t time = *hour * kMicrosPerHour;
  if (!scan.Take(':')) return time;
  const auto minute = scan.Digits(1, 2);
  if (!minute || *minute > 59) return std::nullopt;
  time += *minute * kMicrosPerMinute;
  if (!scan.Take(':')) return time;
  const auto second = scan.Digits(1, 2);
  if (!second || *second > 59) return std::nullopt;
  time += *second * kMicrosPerSecond;
  if (scan.Take('.')) time += *scan.Micros();
  return time;
}

std::optional<int64_t> ScanYearMonth(Scanner& scan, const Type& type) {
  if (type.start_unit() == type.end_unit()) {
    const auto count = scan.Digits(1, 9);
    if (!count) return std::nullopt;
    return type.end_unit() == 0 ? *count * 12 : *count;
  }
  const auto years = scan.Digits(1, 9);
  if (!years || !scan.Take('-')) return std::nullopt;
  const auto months = scan.Digits(1, 2);
  if (!months || *months > 11) return std::nullopt;
  return *years * 12 + *months;
}

std::optional<int64_t> ScanDayTime(Scanner& scan, const Type& type) {
  static constexpr int64_t kUnits[] = {kMicrosPerDay, kMicrosPerHour, kMicrosPerMinute, kMicrosPerSecond};
  static constexpr int64_t kLimits[] = {0, 23, 59, 59};
  int64_t micros = 0;
  for (int32_t unit = type.start_unit(); unit <= type.end_unit(); ++unit) {
    const bool first = unit == type.start_unit();
    if (!first && !scan.Take(unit == 1 ? ' ' : ':')) return std::nullopt;
    const auto count = first ? scan.Digits(1, 18) : scan.Digits(1, 2);
    if (!count || (!first && *count > kLimits[unit])) return std::nullopt;
    int64_t part;
    if (__builtin_mul_overflow(*count, kUnits[unit], &part) || __builtin_add_overflow(micros, part, &micros)) {
      return std::nullopt;
    }
    if (unit == 3 && scan.Take('.')) micros += *scan.Micros();
  }
  return micros;
}

// Takes "INTERVAL '...' YEAR TO MONTH" apart, down to what stands in quotes; other text comes back whole.
std::string_view Unquote(std::string_view text, bool& negative) {
  constexpr std::string_view kKeyword = "interval";
  if (!SameName(text.substr(0, kKeyword.size()), kKeyword)) return text;
  text = TrimSpace(text.substr(kKeyword.size()));
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative ^= text[0] == '-';
    text = TrimSpace(text.substr(1));
  }
  const size_t begin = text.find('\'');
  const size_t end = text.rfind('\'');
  return begin == 0 && end > begin ? text.substr(1, end - 1) : std::string_view();
}

}  // namespace

std::string_view TrimSpace(std::string_view text) {
  const auto is_space = [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7f; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::optional<int32_t> ParseDate(std::string_view text) {
  Scanner scan(TrimSpace(text));
  const auto days = ScanDate(scan);
  if (!days || (!scan.done() && scan.peek() != ' ' && scan.peek() != 'T')) return std::nullopt;
  if (*days != static_cast<int32_t>(*days)) return std::nullopt;
  return static_cast<int32_t>(*days);
}

std::optional<ParsedTimestamp> ParseTimestamp(std::string_view text) {
  Scanner scan(TrimSpace(text));
  const auto days = ScanDate(scan);
  if (!days) return std::nullopt;
  ParsedTimestamp result{0, nullptr};
  if (__builtin_mul_overflow(*days, kMicrosPerDay, &result.local_us)) return std::nullopt;
  if (scan.done()) return result;
  if (!scan.Take(' ') && !scan.Take('T')) return std::nullopt;
  if (scan.done()) return std::nullopt;
  const auto time = ScanTime(scan);
  if (!time || __builtin_add_overflow(result.local_us, *time, &result.local_us)) return std::nullopt;
  const std::string_view zone = TrimSpace(scan.rest());
  if (zone.empty()) return result;
  result.zone = TimeZone::TryFind(zone);
  if (!result.zone) return std::nullopt;
  return result;
}

std::optional<int64_t> ParseInterval(std::string_view text, const Type& type) {
  bool negative = false;
  text = TrimSpace(Unquote(TrimSpace(text), negative));
  Scanner scan(text);
  if (scan.Take('-')) {
    negative = !negative;
  } else {
    scan.Take('+');
  }
  const bool months = type.id() == TypeId::kYearMonthInterval;
  const auto value = months ? ScanYearMonth(scan, type) : ScanDayTime(scan, type);
  if (!value || !scan.done()) return std::nullopt;
  return negative ? -*value : *value;
}

}  // namespace quell
