#include "expression/datetime_pattern.h"

#include <fmt/format.h>

#include <array>

#include "base/error.h"
#include "data/civil.h"

namespace quell {

namespace {

constexpr std::array<const char*, 12> kMonths = {"January", "February", "March",     "April",   "May",      "June",
                                                 "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<const char*, 7> kDays = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                              "Friday", "Saturday", "Sunday"};

[[noreturn]] void ThrowIllegal(char letter, std::string_view pattern) {
  throw Error(ErrorClass{"INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER", "22007"},
              "the letter '{}' of the datetime pattern '{}' has no meaning", letter, pattern);
}

[[noreturn]] void ThrowUnrecognized(std::string_view pattern) {
  throw Error(ErrorClass{"INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION", "42K0B"},
              "the datetime pattern '{}' is not known to Spark 3 and later", pattern);
}

// Letters that a field may repeat at most this often; 0 for letters that mean nothing here.
int32_t MaxCount(char letter) {
  switch (letter) {
    case 'y': return 6;
    case 'D': return 3;
    case 'S': return 9;
    case 'd':
    case 'h':
    case 'H':
    case 'k':
    case 'K':
    case 'm':
    case 's': return 2;
    case 'M':
    case 'L':
    case 'Q':
    case 'q':
    case 'E':
    case 'G':
    case 'z':
    case 'O': return 4;
    case 'V': return 2;
    case 'X':
    case 'x':
    case 'Z': return 5;
    case 'a':
    case 'F': return 1;
    default: return 0;
  }
}

std::string FormatOffset(int64_t offset_us, char letter, int32_t count) {
  const int64_t seconds = offset_us / kMicrosPerSecond;
  if (seconds == 0 && (letter == 'X' || (letter == 'Z' && count == 5))) return "Z";
  const int64_t magnitude = std::abs(seconds);
  const char sign = seconds < 0 ? '-' : '+';
  const int64_t hours = magnitude / 3600;
  const int64_t minutes = magnitude / 60 % 60;
  const int64_t rest = magnitude % 60;
  if (letter == 'O') {
    if (seconds == 0) return "GMT";
    if (count == 4) return fmt::format("GMT{}{:02}:{:02}", sign, hours, minutes);
    return minutes == 0 ? fmt::format("GMT{}{}", sign, hours) : fmt::format("GMT{}{}:{:02}", sign, hours, minutes);
  }
  if (letter == 'Z' && count == 4) return seconds == 0 ? "GMT" : fmt::format("GMT{}{:02}:{:02}", sign, hours, minutes);
  if (letter == 'Z' && count <= 3) return fmt::format("{}{:02}{:02}", sign, hours, minutes);
  if (count == 1)
    return minutes == 0 ? fmt::format("{}{:02}", sign, hours) : fmt::format("{}{:02}{:02}", sign, hours, minutes);
  const bool colon = count == 3 || count == 5;
  std::string text = fmt::format("{}{:02}{}{:02}", sign, hours, colon ? ":" : "", minutes);
  if (rest != 0 && count >= 4) text += fmt::format("{}{:02}", colon ? ":" : "", rest);
  return text;
}

std::string FormatYear(int64_t year, int32_t count) {
  const int64_t of_era = year > 0 ? year : 1 - year;
  if (count == 2) return fmt::format("{:02}", of_era % 100);
  std::string text = fmt::format("{:0{}}", of_era, count);
  return count >= 4 && static_cast<int32_t>(text.size()) > count ? "+" + text : text;
}

std::string FormatName(const char* name, int32_t count) {
  return count == 4 ? std::string(name) : std::string(name).substr(0, 3);
}

}  // namespace

DatetimePattern::DatetimePattern(std::string_view pattern) {
  std::string text;
  bool in_optional = false;
  const auto flush = [&] {
    if (!text.empty()) tokens_.push_back({'\0', 0, text});
    text.clear();
  };
  for (size_t at = 0; at < pattern.size();) {
    const char c = pattern[at];
    if (c == '\'') {
      if (at + 1 < pattern.size() && pattern[at + 1] == '\'') {
        text += '\'';
        at += 2;
        continue;
      }
      for (++at;; ++at) {
        if (at == pattern.size()) ThrowUnrecognized(pattern);
        if (pattern[at] == '\'') {
          if (at + 1 >= pattern.size() || pattern[at + 1] != '\'') break;
          ++at;
        }
        text += pattern[at];
      }
      ++at;
    } else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
      flush();
      size_t end = at;
      while (end < pattern.size() && pattern[end] == c) ++end;
      AddField(c, static_cast<int32_t>(end - at), pattern);
      at = end;
    } else if (c == '[' || c == ']') {
      flush();
      if (in_optional == (c == '[')) ThrowUnrecognized(pattern);
      in_optional = c == '[';
      tokens_.push_back({'\0', 0, "", c == '[', c == ']'});
      ++at;
    } else {
      if (c == '{' || c == '}' || c == '#') ThrowIllegal(c, pattern);
      text += c;
      ++at;
    }
  }
  flush();
}

void DatetimePattern::AddField(char letter, int32_t count, std::string_view pattern) {
  if (std::string_view("YWwu").find(letter) != std::string_view::npos) {
    throw Error(ErrorClass{"INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_WEEK_BASED_PATTERN", "42K0B"},
                "the datetime pattern '{}' is based on weeks, which Spark 3 and later do not take", pattern);
  }
  const int32_t max_count = MaxCount(letter);
  if (max_count == 0) ThrowIllegal(letter, pattern);
  if (count > max_count) ThrowUnrecognized(pattern);
  if (letter == 'V' && count != 2) {
    throw Error(ErrorClass{"INVALID_DATETIME_PATTERN.LENGTH", "22007"}, "the letter V of '{}' stands alone", pattern);
  }
  tokens_.push_back({letter, count});
}

void DatetimePattern::Append(const LocalTime& local, const TimeZone& zone, const TimeZone::Span& span,
                             std::string& out) const {
  const auto [days, time] = local;
  const Civil civil = CivilFromDays(days);
  const int64_t hour = time / kMicrosPerHour;
  const auto number = [&](int64_t value, int32_t count) { out += fmt::format("{:0{}}", value, count); };
  const auto month_or_number = [&](int64_t value, int32_t count, const char* name) {
    count <= 2 ? number(value, count) : void(out += FormatName(name, count));
  };
  for (const Token& token : tokens_) {
    switch (token.letter) {
      case '\0': out += token.text; break;
      case 'y': out += FormatYear(civil.year, token.count); break;
      case 'M':
      case 'L': month_or_number(civil.month, token.count, kMonths[static_cast<size_t>(civil.month - 1)]); break;
      case 'd': number(civil.day, token.count); break;
      case 'D': number(days - DaysFromCivil(civil.year, 1, 1) + 1, token.count); break;
      case 'E': out += FormatName(kDays[static_cast<size_t>(IsoDayOfWeek(days) - 1)], token.count); break;
      case 'F': number((civil.day - 1) % 7 + 1, token.count); break;
      case 'Q':
      case 'q': {
        const int32_t quarter = (civil.month - 1) / 3 + 1;
        static constexpr const char* kNames[] = {"1st quarter", "2nd quarter", "3rd quarter", "4th quarter"};
        if (token.count <= 2) {
          number(quarter, token.count);
        } else {
          out += token.count == 3 ? fmt::format("Q{}", quarter) : kNames[quarter - 1];
        }
        break;
      }
      case 'G':
        out += token.count == 4 ? (civil.year > 0 ? "Anno Domini" : "Before Christ") : (civil.year > 0 ? "AD" : "BC");
        break;
      case 'a': out += hour < 12 ? "AM" : "PM"; break;
      case 'h': number((hour + 11) % 12 + 1, token.count); break;
      case 'H': number(hour, token.count); break;
      case 'k': number(hour == 0 ? 24 : hour, token.count); break;
      case 'K': number(hour % 12, token.count); break;
      case 'm': number(time / kMicrosPerMinute % 60, token.count); break;
      case 's': number(time / kMicrosPerSecond % 60, token.count); break;
      case 'S':
        out += fmt::format("{:06}000", time % kMicrosPerSecond).substr(0, static_cast<size_t>(token.count));
        break;
      case 'V': out += zone.name(); break;
      case 'z': out += zone.is_fixed() ? zone.name() : span.abbreviation; break;
      default: out += FormatOffset(span.offset_us, token.letter, token.count); break;
    }
  }
}

}  // namespace quell
