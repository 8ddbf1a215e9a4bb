// Time zones: offsets from UTC and their changes.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "data/civil.h"
#include "data/value.h"

namespace date {
class time_zone;
}

namespace quell {

// A zone by region ("Europe/Berlin"), offset ("+05:30", "UTC-8", "GMT+1", "Z") or short name of Java ("PST").
// Immutable, lives as long as the process.
class TimeZone {
 public:
  // The instants [begin_us, end_us) that share one offset: local = UTC + offset_us.
  struct Span {
    int64_t begin_us = 0;
    int64_t end_us = 0;
    int64_t offset_us = 0;
    std::string abbreviation = {};

    bool Contains(int64_t utc_us) const { return utc_us >= begin_us && utc_us < end_us; }
  };

  // Throws INVALID_TIMEZONE.
  static const TimeZone& Find(std::string_view name);
  // nullptr when there is no such zone.
  static const TimeZone* TryFind(std::string_view name);

  const std::string& name() const { return name_; }
  bool is_fixed() const { return zone_ == nullptr; }
  // Of a fixed zone.
  int64_t fixed_offset_us() const { return fixed_offset_us_; }
  Span SpanAt(int64_t utc_us) const;
  // The offset that takes a local time to UTC, as in java.time: a local time that a gap left out moves forward by the
  // gap, of two instants the earlier one counts.
  int64_t OffsetAtLocal(int64_t local_us) const;

 private:
  TimeZone(std::string name, const date::time_zone* zone, int64_t fixed_offset_us)
      : name_(std::move(name)), zone_(zone), fixed_offset_us_(fixed_offset_us) {}
  static const TimeZone* Make(std::string_view name);

  std::string name_;
  const date::time_zone* zone_;
  int64_t fixed_offset_us_;
};

// Offsets by way of the last span, which is remembered, so that neighbours cost a comparison. One for each loop; not
// thread-safe.
class ZoneCursor {
 public:
  explicit ZoneCursor(const TimeZone& zone) : zone_(&zone) {}

  int64_t OffsetAt(int64_t utc_us) {
    if (!span_.Contains(utc_us)) [[unlikely]]
      MoveTo(utc_us);
    return span_.offset_us;
  }
  int64_t OffsetAtLocal(int64_t local_us) {
    // Inside of a span by more than any zone's jump, the offset is the span's.
    constexpr int64_t kMargin = 26 * int64_t{3'600'000'000};
    int64_t guess;
    if (!__builtin_sub_overflow(local_us, span_.offset_us, &guess)) [[likely]] {
      if (guess >= span_.begin_us + kMargin && guess < span_.end_us - kMargin) return span_.offset_us;
    }
    return OffsetNearChange(local_us);
  }
  LocalTime LocalAt(int64_t utc_us) { return LocalTimeAt(utc_us, OffsetAt(utc_us)); }
  const TimeZone::Span& span() const { return span_; }

 private:
  // The rare parts, not inline, so that the loops stay small.
  void MoveTo(int64_t utc_us);
  int64_t OffsetNearChange(int64_t local_us);

  const TimeZone* zone_;
  TimeZone::Span span_;
};

// Microseconds that a timestamp or an interval can hold; nullopt for others.
inline std::optional<int64_t> FitMicros(Int128 us) {
  if (us != static_cast<int64_t>(us)) [[unlikely]]
    return std::nullopt;
  return static_cast<int64_t>(us);
}

inline Int128 MicrosOf(const LocalTime& local) { return Int128{local.days} * kMicrosPerDay + local.time_us; }

// The instant of a local time in a TimeZone or by a ZoneCursor.
template <typename Zone>
std::optional<int64_t> FitUtc(Zone& zone, Int128 local_us) {
  // No zone changes its offset within a day of either end of the range, so that the offset at the end holds behind it.
  auto near_us = static_cast<int64_t>(local_us);
  if (near_us != local_us) [[unlikely]]
    near_us = local_us < 0 ? std::numeric_limits<int64_t>::min() : std::numeric_limits<int64_t>::max();
  return FitMicros(local_us - zone.OffsetAtLocal(near_us));
}

}  // namespace quell
