// Time zones: offsets from UTC and their changes.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace date {
class time_zone;
}

namespace quell {

// The sum or difference, or the end of the range that it lies beyond.
inline int64_t SaturatingAdd(int64_t a, int64_t b) {
  int64_t sum;
  if (!__builtin_add_overflow(a, b, &sum)) [[likely]]
    return sum;
  return b < 0 ? std::numeric_limits<int64_t>::min() : std::numeric_limits<int64_t>::max();
}
inline int64_t SaturatingSubtract(int64_t a, int64_t b) {
  int64_t difference;
  if (!__builtin_sub_overflow(a, b, &difference)) [[likely]]
    return difference;
  return b > 0 ? std::numeric_limits<int64_t>::min() : std::numeric_limits<int64_t>::max();
}

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
  // An instant beyond the range of its microseconds becomes the end of the range.
  int64_t ToUtc(int64_t local_us) const { return SaturatingSubtract(local_us, OffsetAtLocal(local_us)); }

 private:
  TimeZone(std::string name, const date::time_zone* zone, int64_t fixed_offset_us)
      : name_(std::move(name)), zone_(zone), fixed_offset_us_(fixed_offset_us) {}
  static const TimeZone* Make(std::string_view name);

  std::string name_;
  const date::time_zone* zone_;
  int64_t fixed_offset_us_;
};

// Conversions that remember the last span, so that neighbours cost a comparison. What lies beyond the range of its
// microseconds becomes the end of the range: who must raise an error adds the offset by itself. One for each loop; not
// thread-safe.
class ZoneCursor {
 public:
  explicit ZoneCursor(const TimeZone& zone) : zone_(&zone) {}

  int64_t OffsetAt(int64_t utc_us) {
    if (!span_.Contains(utc_us)) [[unlikely]]
      span_ = zone_->SpanAt(utc_us);
    return span_.offset_us;
  }
  int64_t OffsetAtLocal(int64_t local_us) {
    // Inside of a span by more than any zone's jump, the offset is the span's.
    constexpr int64_t kMargin = 26 * int64_t{3'600'000'000};
    const int64_t guess = SaturatingSubtract(local_us, span_.offset_us);
    if (guess >= span_.begin_us + kMargin && guess < span_.end_us - kMargin) return span_.offset_us;
    const int64_t offset_us = zone_->OffsetAtLocal(local_us);
    OffsetAt(SaturatingSubtract(local_us, offset_us));
    return offset_us;
  }
  int64_t ToLocal(int64_t utc_us) { return SaturatingAdd(utc_us, OffsetAt(utc_us)); }
  int64_t ToUtc(int64_t local_us) { return SaturatingSubtract(local_us, OffsetAtLocal(local_us)); }
  const TimeZone::Span& span() const { return span_; }

 private:
  const TimeZone* zone_;
  TimeZone::Span span_;
};

}  // namespace quell
