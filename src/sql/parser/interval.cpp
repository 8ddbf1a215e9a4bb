#include <array>
#include <cctype>
#include <charconv>
#include <optional>

#include "sql/error_classes.h"
#include "sql/parser/expression.h"
#include "sql/parser/literal.h"

namespace quell::sql {

using namespace unresolved;

namespace {

// From coarse to fine. WEEK counts as days, MILLISECOND and MICROSECOND as seconds.
enum Field { kYear, kMonth, kDay, kHour, kMinute, kSecond };
constexpr std::array<const char*, 6> kFieldNames = {"YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"};
constexpr std::array<int64_t, 6> kFieldSize = {12, 1, 86'400'000'000, 3'600'000'000, 60'000'000, 1'000'000};

struct Unit {
  const char* name;
  Field field;
  int64_t size;  // months or microseconds
};

constexpr Unit kUnits[] = {{"YEAR", kYear, 12},
                           {"MONTH", kMonth, 1},
                           {"WEEK", kDay, 7 * 86'400'000'000},
                           {"DAY", kDay, 86'400'000'000},
                           {"HOUR", kHour, 3'600'000'000},
                           {"MINUTE", kMinute, 60'000'000},
                           {"SECOND", kSecond, 1'000'000},
                           {"MILLISECOND", kSecond, 1'000},
                           {"MICROSECOND", kSecond, 1}};

struct Interval {
  int64_t value = 0;
  Field first = kSecond;
  Field last = kYear;
  bool has_months = false;
  bool has_time = false;
};

[[noreturn]] void FailFormat(std::string_view text, SourceLocation location) {
  throw Error(kInvalidIntervalFormat, location, "the interval cannot be read: '{}'", text);
}

[[noreturn]] void FailLiteral(std::string_view text, SourceLocation location) {
  throw Error(kInvalidTypedLiteral, location,
              "the interval cannot be read: '{}'; write numbers and units in turn: '1 day 2 hours'", text);
}

bool IsSpace(char c) { return std::isspace(static_cast<unsigned char>(c)); }

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsSpace(text.back())) text.remove_suffix(1);
  return text;
}

// A unit by its name, in the singular or in the plural.
const Unit* FindUnit(std::string_view name) {
  std::string upper(name);
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  for (const Unit& unit : kUnits) {
    if (upper == unit.name || upper == std::string(unit.name) + "S") return &unit;
  }
  return nullptr;
}

int64_t Checked(__int128 value, SourceLocation location) {
  if (value > INT64_MAX || value < INT64_MIN) throw Error(kIntervalOverflow, location, "the interval is too long");
  return static_cast<int64_t>(value);
}

// "[+-]12[.345]" as a number of microunits (a millionth of one).
std::optional<__int128> ParseMicroUnits(std::string_view text) {
  bool is_negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    is_negative = text[0] == '-';
    text.remove_prefix(1);
  }
  __int128 value = 0;
  int decimals = -1;
  bool has_digit = false;
  for (const char c : text) {
    if (c == '.' && decimals < 0) {
      decimals = 0;
    } else if (std::isdigit(static_cast<unsigned char>(c)) && value < static_cast<__int128>(1) << 100) {
      has_digit = true;
      if (decimals >= 6) continue;  // Finer than a microsecond.
      value = value * 10 + (c - '0');
      if (decimals >= 0) ++decimals;
    } else {
      return std::nullopt;
    }
  }
  if (!has_digit) return std::nullopt;
  for (int i = std::max(decimals, 0); i < 6; ++i) value *= 10;
  return is_negative ? -value : value;
}

void Add(std::string_view number, const Unit& unit, SourceLocation location, Interval* interval) {
  const std::optional<__int128> micro_units = ParseMicroUnits(number);
  const bool is_whole = number.find('.') == std::string_view::npos;
  if (!micro_units || (!is_whole && unit.field != kSecond)) FailFormat(number, location);
  interval->value = Checked(interval->value + *micro_units * unit.size / 1'000'000, location);
  interval->first = std::min(interval->first, unit.field);
  interval->last = std::max(interval->last, unit.field);
  (unit.field <= kMonth ? interval->has_months : interval->has_time) = true;
}

// "1 day 2 hours", "-3 months": numbers and units in turn. The sign may stand apart.
Interval ParseUnits(std::string_view text, SourceLocation location) {
  Interval interval;
  TokenStream words(text, location, false);
  if (words.AtWord("INTERVAL")) words.Next();
  if (words.AtEnd()) FailLiteral(text, location);
  while (!words.AtEnd()) {
    std::string number;
    if (words.AtSymbol("-") || words.AtSymbol("+")) number = words.Next().text;
    if (words.Peek().kind != TokenKind::kNumber) FailLiteral(text, location);
    number += words.Next().text;
    const Unit* unit = words.Peek().kind == TokenKind::kWord ? FindUnit(words.Peek().text) : nullptr;
    if (!unit) FailLiteral(text, location);
    words.Next();
    Add(number, *unit, location, &interval);
  }
  return interval;
}

// The number of a field of a range, in microunits; nullopt for what is none, or too large for the field.
std::optional<__int128> ParseField(std::string_view number, int field, bool is_first) {
  static constexpr std::array<int64_t, 6> kLimits = {0, 11, 0, 23, 59, 59};
  const std::optional<__int128> micro_units = ParseMicroUnits(number);
  const bool is_plain = micro_units && std::isdigit(static_cast<unsigned char>(number[0])) &&
                        (field == kSecond || number.find('.') == std::string_view::npos);
  if (!is_plain || (!is_first && *micro_units / 1'000'000 > kLimits[field])) return std::nullopt;
  return micro_units;
}

// "2-4" YEAR TO MONTH, "1 02:03:04.5" DAY TO SECOND: a number for each field from first to last.
Interval ParseRange(std::string_view text, Field first, Field last, SourceLocation location) {
  const std::string_view whole = text;
  Interval interval;
  interval.first = first;
  interval.last = last;
  (first <= kMonth ? interval.has_months : interval.has_time) = true;
  text = Trimmed(text);
  const bool is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) text.remove_prefix(1);
  __int128 value = 0;
  for (int field = first; field <= last; ++field) {
    const char separator = field == kYear ? '-' : field == kDay ? ' ' : ':';
    const size_t end = field == last ? text.size() : text.find(separator);
    const bool is_there = end != std::string_view::npos && end > 0;
    const std::optional<__int128> micro_units =
        is_there ? ParseField(text.substr(0, end), field, field == first) : std::nullopt;
    if (!micro_units) {
      throw Error(interval.has_time ? kUnmatchedDayTimeInterval : kUnmatchedInterval, location,
                  "the interval does not have the form {} TO {}: '{}'", kFieldNames[first], kFieldNames[last], whole);
    }
    value += *micro_units * kFieldSize[field] / 1'000'000;
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  interval.value = Checked(is_negative ? -value : value, location);
  return interval;
}

std::string PrintSeconds(int64_t micros) {
  std::string text = fmt::format("{:02}", micros / 1'000'000);
  if (micros % 1'000'000 != 0) {
    text += fmt::format(".{:06}", micros % 1'000'000);
    while (text.back() == '0') text.pop_back();
  }
  return text;
}

// As Spark prints a literal: INTERVAL '1 02:03' DAY TO MINUTE.
std::string Print(const Interval& interval) {
  const bool is_negative = interval.value < 0;
  unsigned __int128 rest = is_negative ? -static_cast<__int128>(interval.value) : interval.value;
  std::string text = is_negative ? "-" : "";
  for (int field = interval.first; field <= interval.last; ++field) {
    if (field > interval.first) text += field == kMonth ? "-" : field == kHour ? " " : ":";
    if (field == kSecond) {
      text += PrintSeconds(static_cast<int64_t>(rest));
      break;
    }
    const auto count = static_cast<int64_t>(rest / kFieldSize[field]);
    rest %= kFieldSize[field];
    text += field >= kHour ? fmt::format("{:02}", count) : fmt::format("{}", count);
  }
  std::string fields = kFieldNames[interval.first];
  if (interval.last != interval.first) fields += std::string(" TO ") + kFieldNames[interval.last];
  return fmt::format("INTERVAL '{}' {}", text, fields);
}

// "-12", where blanks may stand around the sign, too.
std::string SignedNumber(std::string_view text) {
  text = Trimmed(text);
  const bool has_sign = !text.empty() && (text[0] == '-' || text[0] == '+');
  return has_sign ? text[0] + std::string(Trimmed(text.substr(1))) : std::string(text);
}

// Reads a value and its unit as many times as they come.
Interval ParseUnitTokens(TokenStream& in, std::string number, SourceLocation location) {
  Interval interval;
  while (true) {
    const Unit* unit = in.Peek().kind == TokenKind::kWord ? FindUnit(in.Peek().text) : nullptr;
    if (!unit) {
      throw Error(kIntervalUnit, in.location(),
                  "not a unit of an interval: '{}'; use YEAR, MONTH, WEEK, DAY, HOUR, MINUTE, "
                  "SECOND, MILLISECOND or MICROSECOND",
                  in.Peek().text);
    }
    in.Next();
    Add(number, *unit, location, &interval);
    const size_t sign = in.AtSymbol("-") || in.AtSymbol("+") ? 1 : 0;
    const bool has_more = (in.Peek(sign).kind == TokenKind::kNumber || in.Peek(sign).kind == TokenKind::kString) &&
                          in.Peek(sign + 1).kind == TokenKind::kWord && FindUnit(in.Peek(sign + 1).text);
    if (!has_more) return interval;
    number = sign == 1 ? std::string(in.Next().text) : "";
    number +=
        in.Peek().kind == TokenKind::kString ? SignedNumber(DecodeString(in.Peek().text)) : std::string(in.Peek().text);
    in.Next();
  }
}

}  // namespace

bool AtInterval(const TokenStream& in) {
  if (!in.AtWord("INTERVAL")) return false;
  const size_t sign = in.AtSymbol("-", 1) || in.AtSymbol("+", 1) ? 1 : 0;
  const TokenKind kind = in.Peek(1 + sign).kind;
  if (kind == TokenKind::kString) return true;
  return kind == TokenKind::kNumber && in.Peek(2 + sign).kind == TokenKind::kWord;
}

ExprPtr ParseInterval(TokenStream& in) {
  const SourceLocation location = in.location();
  in.Expect("INTERVAL");
  const bool is_negative = in.AcceptSymbol("-");
  if (!is_negative) in.AcceptSymbol("+");
  const bool is_string = in.Peek().kind == TokenKind::kString;
  std::string number = is_string ? DecodeString(in.Peek().text) : std::string(in.Peek().text);
  in.Next();
  const Unit* first = in.Peek().kind == TokenKind::kWord ? FindUnit(in.Peek().text) : nullptr;
  Interval interval;
  if (is_string && !first) {
    interval = ParseUnits(number, location);
    if (is_negative) interval.value = -interval.value;
  } else if (first && in.AtWord("TO", 1)) {
    const Unit* last = FindUnit(in.Peek(2).text);
    const bool is_same_kind = last && (first->field <= kMonth) == (last->field <= kMonth) && first->field < last->field;
    if (!is_same_kind)
      throw Error(kUnsupportedFromToInterval, in.location(), "intervals do not go from {} to {}", first->name,
                  in.Peek(2).text);
    in.MoveTo(in.position() + 3);
    interval = ParseRange(number, first->field, last->field, location);
    if (is_negative) interval.value = -interval.value;
  } else {
    number = SignedNumber(number);
    if (is_negative) number = number[0] == '-' ? number.substr(1) : "-" + number;
    interval = ParseUnitTokens(in, std::move(number), location);
  }
  if (interval.has_months && interval.has_time) in.Refuse("an interval of months and days together");
  if (interval.has_months && (interval.value > INT32_MAX || interval.value < INT32_MIN)) {
    throw Error(kIntervalOverflow, location, "the interval is too long");
  }
  const Type type = interval.has_months ? Type::YearMonthInterval(interval.first - kYear, interval.last - kYear)
                                        : Type::DayTimeInterval(interval.first - kDay, interval.last - kDay);
  return Make(Literal{type, Value{interval.value}, Print(interval)}, location);
}

}  // namespace quell::sql
