// Spark's datetime patterns ("yyyy-MM-dd HH:mm:ss.SSS"), which are Java's DateTimeFormatter's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/time_zone.h"

namespace quell {

class DatetimePattern {
 public:
  // Throws INVALID_DATETIME_PATTERN.* or INCONSISTENT_BEHAVIOR_CROSS_VERSION.* for what Spark 3 and later do not take.
  explicit DatetimePattern(std::string_view pattern);

  // `span` tells the offset and name of the zone then.
  void Append(const LocalTime& local, const TimeZone& zone, const TimeZone::Span& span, std::string& out) const;

  struct Parsed {
    int64_t local_us;
    const TimeZone* zone;  // that the text named; nullptr if it did not
  };
  // nullopt for a text of another form, or of a day or time that does not exist.
  std::optional<Parsed> Parse(std::string_view text) const;

 private:
  struct Token {
    char letter;  // '\0' for plain text
    int32_t count;
    std::string text = {};
    bool optional_start = false;
    bool optional_end = false;
  };
  struct Fields;

  void AddField(char letter, int32_t count, std::string_view pattern);
  bool IsNumber(size_t token) const;
  // Digits that the fixed-width numbers right behind `token` need.
  int32_t DigitsBehind(size_t token) const;
  bool ParseToken(size_t token, std::string_view text, size_t& at, Fields& fields) const;
  bool ParseNumber(size_t token, std::string_view text, size_t& at, Fields& fields) const;

  std::vector<Token> tokens_;
};

}  // namespace quell
