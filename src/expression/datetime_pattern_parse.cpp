// Text by a datetime pattern: fields first, then the day and time that they name.
#include <array>
#include <limits>

#include "data/civil.h"
#include "data/schema.h"
#include "expression/datetime_pattern.h"

namespace quell {

namespace {

constexpr std::array<std::string_view, 12> kMonths = {"January",   "February", "March",    "April",
                                                      "May",       "June",     "July",     "August",
                                                      "September", "October",  "November", "December"};
constexpr std::array<std::string_view, 7> kDays = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                   "Friday", "Saturday", "Sunday"};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The index of the name that stands at `at`; its first three letters unless `full`.
template <size_t kSize>
std::optional<int32_t> ParseName(const std::array<std::string_view, kSize>& names, bool full, std::string_view text,
                                 size_t& at) {
  for (size_t i = 0; i < kSize; ++i) {
    const std::string_view name = full ? names[i] : names[i].substr(0, 3);
    if (!SameName(text.substr(at, name.size()), name)) continue;
    at += name.size();
    return static_cast<int32_t>(i);
  }
  return std::nullopt;
}

}  // namespace

struct DatetimePattern::Fields {
  std::optional<int64_t> year, month, day, day_of_year, hour, clock_hour, half_hour, minute, second, micros, quarter;
  std::optional<bool> afternoon;
  bool before_christ = false;
  const TimeZone* zone = nullptr;

  bool Set(std::optional<int64_t>& field, int64_t value, int64_t least, int64_t most) {
    field = value;
    return value >= least && value <= most;
  }
  bool SetNumber(char letter, int64_t value) {
    switch (letter) {
      case 'y': return Set(year, value, 0, std::numeric_limits<int32_t>::max());
      case 'M':
      case 'L': return Set(month, value, 1, 12);
      case 'd': return Set(day, value, 1, 31);
      case 'D': return Set(day_of_year, value, 1, 366);
      case 'Q':
      case 'q': return Set(quarter, value, 1, 4);
      case 'H': return Set(hour, value, 0, 23);
      case 'k': return Set(hour, value % 24, 0, value >= 1 && value <= 24 ? 23 : -1);
      case 'h': return Set(clock_hour, value % 12, 0, value >= 1 && value <= 12 ? 11 : -1);
      case 'K': return Set(clock_hour, value, 0, 11);
      case 'm': return Set(minute, value, 0, 59);
      case 's': return Set(second, value, 0, 59);
      default: return true;
    }
  }
};

bool DatetimePattern::IsNumber(size_t token) const {
  const Token& t = tokens_[token];
  const bool named = (t.letter == 'M' || t.letter == 'L' || t.letter == 'Q' || t.letter == 'q') && t.count > 2;
  return !named && std::string_view("yMLdDQqHkKhmsSF").find(t.letter) != std::string_view::npos;
}

int32_t DatetimePattern::DigitsBehind(size_t token) const {
  int32_t digits = 0;
  for (size_t next = token + 1; next < tokens_.size() && tokens_[next].letter != '\0' && IsNumber(next); ++next) {
    digits += tokens_[next].count;
  }
  return digits;
}

bool DatetimePattern::ParseNumber(size_t token, std::string_view text, size_t& at, Fields& fields) const {
  const Token& t = tokens_[token];
  const bool has_sign = t.letter == 'y' && t.count >= 4 && at < text.size() && (text[at] == '+' || text[at] == '-');
  const bool negative = has_sign && text[at] == '-';
  size_t begin = at + (has_sign ? 1 : 0);
  size_t end = begin;
  while (end < text.size() && IsDigit(text[end])) ++end;
  // One letter, or a year of four, takes what digits there are, but for those of the numbers right behind.
  const bool variable = t.letter != 'S' && (t.count == 1 || (t.letter == 'y' && t.count != 2));
  const auto available = static_cast<int64_t>(end - begin);
  int64_t take = t.count;
  if (t.letter == 'S') take = std::min<int64_t>(available, t.count);
  if (variable) take = std::min<int64_t>(available - DigitsBehind(token), t.letter == 'y' ? 10 : 9);
  if (take < (t.letter == 'S' ? 1 : t.count) || take > available) return false;
  int64_t value = 0;
  for (int64_t i = 0; i < take; ++i) value = value * 10 + (text[begin + static_cast<size_t>(i)] - '0');
  at = begin + static_cast<size_t>(take);
  if (t.letter == 'S') {
    for (int64_t digits = take; digits < 6; ++digits) value *= 10;
    for (int64_t digits = take; digits > 6; --digits) value /= 10;
    fields.micros = value;
    return true;
  }
  if (t.letter == 'y' && t.count == 2) value += 2000;
  return fields.SetNumber(t.letter, negative ? -value : value);
}

bool DatetimePattern::ParseToken(size_t token, std::string_view text, size_t& at, Fields& fields) const {
  const Token& t = tokens_[token];
  if (t.letter == '\0') {
    if (text.substr(at, t.text.size()) != t.text) return false;
    at += t.text.size();
    return true;
  }
  if (IsNumber(token)) return ParseNumber(token, text, at, fields);
  switch (t.letter) {
    case 'M':
    case 'L': {
      const auto month = ParseName(kMonths, t.count == 4, text, at);
      if (month) fields.month = *month + 1;
      return month.has_value();
    }
    case 'E': return ParseName(kDays, t.count == 4, text, at).has_value();
    case 'a': {
      const std::string_view half = text.substr(at, 2);
      if (!SameName(half, "AM") && !SameName(half, "PM")) return false;
      fields.afternoon = SameName(half, "PM");
      at += 2;
      return true;
    }
    case 'G': {
      const std::string_view era = text.substr(at, 2);
      if (era != "AD" && era != "BC") return false;
      fields.before_christ = era == "BC";
      at += 2;
      return true;
    }
    default: break;
  }
  // A zone: as many characters as a name or offset may have.
  size_t end = at;
  const std::string_view more = t.letter == 'V' || t.letter == 'z' || t.letter == 'O' ? "/_+-:" : "+-:";
  while (end < text.size() &&
         (std::isalnum(static_cast<unsigned char>(text[end])) || more.find(text[end]) != std::string_view::npos)) {
    ++end;
  }
  fields.zone = end == at ? nullptr : TimeZone::TryFind(text.substr(at, end - at));
  at = end;
  return fields.zone != nullptr;
}

std::optional<DatetimePattern::Parsed> DatetimePattern::Parse(std::string_view text) const {
  Fields fields;
  size_t at = 0;
  for (size_t token = 0; token < tokens_.size(); ++token) {
    if (tokens_[token].optional_start) {
      // What stands in brackets is there as a whole, or not at all.
      Fields with = fields;
      size_t with_at = at;
      size_t end = token + 1;
      bool fits = true;
      for (; end < tokens_.size() && !tokens_[end].optional_end; ++end)
        fits = fits && ParseToken(end, text, with_at, with);
      if (fits) {
        fields = with;
        at = with_at;
      }
      token = end;
    } else if (!ParseToken(token, text, at, fields)) {
      return std::nullopt;
    }
  }
  if (at != text.size()) return std::nullopt;
  int64_t year = fields.year.value_or(1970);
  if (fields.before_christ) year = 1 - year;
  int64_t days;
  if (fields.day_of_year && !fields.day) {
    if (*fields.day_of_year > (IsLeapYear(year) ? 366 : 365)) return std::nullopt;
    days = DaysFromCivil(year, 1, 1) + *fields.day_of_year - 1;
    if (fields.month && CivilFromDays(days).month != *fields.month) return std::nullopt;
  } else {
    const auto month = static_cast<int32_t>(fields.month.value_or(fields.quarter ? *fields.quarter * 3 - 2 : 1));
    const auto day = static_cast<int32_t>(fields.day.value_or(1));
    if (day > DaysInMonth(year, month)) return std::nullopt;
    days = DaysFromCivil(year, month, day);
  }
  int64_t hour = fields.hour.value_or(0);
  if (fields.clock_hour) hour = *fields.clock_hour + (fields.afternoon.value_or(false) ? 12 : 0);
  const int64_t time = hour * kMicrosPerHour + fields.minute.value_or(0) * kMicrosPerMinute +
                       fields.second.value_or(0) * kMicrosPerSecond + fields.micros.value_or(0);
  int64_t local_us;
  if (__builtin_mul_overflow(days, kMicrosPerDay, &local_us) || __builtin_add_overflow(local_us, time, &local_us)) {
    return std::nullopt;
  }
  return Parsed{local_us, fields.zone};
}

}  // namespace quell
