#include "data/time_zone.h"

#include <date/tz.h>

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <memory>
#include <optional>

#include "base/error.h"
#include "base/fork_safe_mutex.h"
#include "data/civil.h"
#include "data/schema.h"

namespace quell {

namespace {

constexpr ErrorClass kInvalidTimezone{"INVALID_TIMEZONE", "22009"};
constexpr int64_t kForever = std::numeric_limits<int64_t>::max();

// The sum or difference, or the end of the range that it lies beyond.
int64_t SaturatingAdd(int64_t a, int64_t b) {
  int64_t sum;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  return b < 0 ? std::numeric_limits<int64_t>::min() : kForever;
}
int64_t SaturatingSubtract(int64_t a, int64_t b) {
  int64_t difference;
  if (!__builtin_sub_overflow(a, b, &difference)) return difference;
  return b > 0 ? std::numeric_limits<int64_t>::min() : kForever;
}

// "+8", "-08:00", "+0530", "+01:02:03" in seconds; at most 18 hours.
std::optional<int64_t> ParseOffset(std::string_view text) {
  if (text.size() < 2 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  std::array<int32_t, 3> parts{};
  size_t part = 0;
  size_t digits = 0;
  const bool has_colon = text.find(':') != std::string_view::npos;
  for (const char c : text.substr(1)) {
    if (c == ':') {
      if (digits == 0 || ++part > 2) return std::nullopt;
      digits = 0;
      continue;
    }
    if (c < '0' || c > '9') return std::nullopt;
    if (digits == 2) {
      if (has_colon || ++part > 2) return std::nullopt;
      digits = 0;
    }
    parts[part] = parts[part] * 10 + (c - '0');
    ++digits;
  }
  if (digits == 0 || parts[1] > 59 || parts[2] > 59) return std::nullopt;
  const int64_t seconds = parts[0] * 3600 + parts[1] * 60 + parts[2];
  if (seconds > 18 * 3600) return std::nullopt;
  return text[0] == '-' ? -seconds : seconds;
}

// The short names that Java maps to regions or offsets.
std::string_view LongName(std::string_view name) {
  static constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"ACT", "Australia/Darwin"},
      {"AET", "Australia/Sydney"},
      {"AGT", "America/Argentina/Buenos_Aires"},
      {"ART", "Africa/Cairo"},
      {"AST", "America/Anchorage"},
      {"BET", "America/Sao_Paulo"},
      {"BST", "Asia/Dhaka"},
      {"CAT", "Africa/Harare"},
      {"CNT", "America/St_Johns"},
      {"CST", "America/Chicago"},
      {"CTT", "Asia/Shanghai"},
      {"EAT", "Africa/Addis_Ababa"},
      {"ECT", "Europe/Paris"},
      {"IET", "America/Indiana/Indianapolis"},
      {"IST", "Asia/Kolkata"},
      {"JST", "Asia/Tokyo"},
      {"MIT", "Pacific/Apia"},
      {"NET", "Asia/Yerevan"},
      {"NST", "Pacific/Auckland"},
      {"PLT", "Asia/Karachi"},
      {"PNT", "America/Phoenix"},
      {"PRT", "America/Puerto_Rico"},
      {"PST", "America/Los_Angeles"},
      {"SST", "Pacific/Guadalcanal"},
      {"VST", "Asia/Ho_Chi_Minh"},
      {"EST", "-05:00"},
      {"MST", "-07:00"},
      {"HST", "-10:00"},
  };
  for (const auto& [short_name, long_name] : kNames) {
    if (name == short_name) return long_name;
  }
  return name;
}

// The zone files end in 2037. A later year has the rules of the year before then that begins on the same weekday and is
// as long.
int64_t EquivalentYear(int64_t year) {
  const int64_t first_day = DaysFromCivil(year, 1, 1);
  for (int64_t candidate = 2036; candidate > 2036 - 28; --candidate) {
    if (IsLeapYear(candidate) == IsLeapYear(year) && FloorMod(DaysFromCivil(candidate, 1, 1) - first_day, 7) == 0) {
      return candidate;
    }
  }
  return 2036;
}

int64_t ToMicros(date::sys_seconds seconds) {
  constexpr int64_t kLimit = kForever / kMicrosPerSecond;
  const int64_t count = seconds.time_since_epoch().count();
  if (count >= kLimit) return kForever;
  if (count <= -kLimit) return -kForever;
  return count * kMicrosPerSecond;
}

TimeZone::Span RegionSpan(const date::time_zone& zone, int64_t utc_us) {
  const auto info = zone.get_info(date::sys_seconds(std::chrono::seconds(FloorDiv(utc_us, kMicrosPerSecond))));
  return {ToMicros(info.begin), ToMicros(info.end), info.offset.count() * kMicrosPerSecond, info.abbrev};
}

}  // namespace

const TimeZone* TimeZone::Make(std::string_view name) {
  const auto fixed = [&](int64_t seconds) {
    return new TimeZone(std::string(name), nullptr, seconds * kMicrosPerSecond);
  };
  const std::string_view long_name = LongName(name);
  if (const auto offset = ParseOffset(long_name)) return fixed(*offset);
  for (const std::string_view prefix : {"UTC", "GMT", "UT"}) {
    if (long_name.substr(0, prefix.size()) != prefix) continue;
    if (long_name.size() == prefix.size()) return fixed(0);
    if (const auto offset = ParseOffset(long_name.substr(prefix.size()))) return fixed(*offset);
  }
  if (long_name == "Z" || long_name == "Etc/UTC") return fixed(0);
  try {
    return new TimeZone(std::string(name), date::locate_zone(std::string(long_name)), 0);
  } catch (const std::exception&) {
    return nullptr;
  }
}

const TimeZone* TimeZone::TryFind(std::string_view name) {
  static auto* mutex = new ForkSafeMutex(ForkSafeMutex::Rank::kTimeZones);
  static std::map<std::string, std::unique_ptr<const TimeZone>, std::less<>> zones;
  std::lock_guard lock(*mutex);
  const auto found = zones.find(name);
  if (found != zones.end()) return found->second.get();
  const TimeZone* zone = Make(name);
  if (zone) zones.emplace(std::string(name), zone);
  return zone;
}

const TimeZone& TimeZone::Find(std::string_view name) {
  const TimeZone* zone = TryFind(name);
  if (!zone) {
    throw Error(kInvalidTimezone, "the time zone '{}' is not known; give a region such as Europe/Berlin or an offset",
                name);
  }
  return *zone;
}

TimeZone::Span TimeZone::SpanAt(int64_t utc_us) const {
  if (!zone_) return {-kForever, kForever, fixed_offset_us_, name_};
  static const int64_t kTableEnd = DaysFromCivil(2037, 1, 1) * kMicrosPerDay;
  if (utc_us < kTableEnd) {
    Span span = RegionSpan(*zone_, utc_us);
    span.end_us = std::min(span.end_us, kTableEnd);
    return span;
  }
  const int64_t year = CivilFromDays(FloorDiv(utc_us, kMicrosPerDay)).year;
  const int64_t begin = DaysFromCivil(year, 1, 1) * kMicrosPerDay;
  const int64_t shift = begin - DaysFromCivil(EquivalentYear(year), 1, 1) * kMicrosPerDay;
  Span span = RegionSpan(*zone_, utc_us - shift);
  // The last year of all does not end within the range.
  const int64_t year_us = (IsLeapYear(year) ? 366 : 365) * kMicrosPerDay;
  const int64_t end = SaturatingAdd(begin, year_us);
  span.begin_us = std::max(span.begin_us + shift, begin);
  span.end_us = std::min(SaturatingAdd(span.end_us, shift), end);
  return span;
}

int64_t TimeZone::OffsetAtLocal(int64_t local_us) const {
  if (!zone_) return fixed_offset_us_;
  // The offsets a day before and after bracket any change near this local time.
  const int64_t before = SpanAt(SaturatingSubtract(local_us, kMicrosPerDay)).offset_us;
  const int64_t after = SpanAt(SaturatingAdd(local_us, kMicrosPerDay)).offset_us;
  const auto is_right = [&](int64_t offset_us) {
    return SpanAt(SaturatingSubtract(local_us, offset_us)).offset_us == offset_us;
  };
  // The earlier offset first: right in an overlap, and in a gap it moves the time forward by the gap.
  return !is_right(before) && is_right(after) ? after : before;
}

void ZoneCursor::MoveTo(int64_t utc_us) { span_ = zone_->SpanAt(utc_us); }

int64_t ZoneCursor::OffsetNearChange(int64_t local_us) {
  const int64_t offset_us = zone_->OffsetAtLocal(local_us);
  OffsetAt(SaturatingSubtract(local_us, offset_us));
  return offset_us;
}

}  // namespace quell
