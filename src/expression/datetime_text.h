// Dates, timestamps and intervals from text, as Spark casts them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "data/time_zone.h"
#include "data/type.h"

namespace quell {

// "2020", "2020-2", "2020-02-29", and what follows after a space or T does not count. Spaces around are left out.
std::optional<int32_t> ParseDate(std::string_view text);

// As ParseDate, then "T" or space and "1", "1:02", "1:02:03.000004"; more digits of the second are cut off.
struct ParsedTimestamp {
  int64_t local_us;
  // The zone that ended the text; nullptr if none did.
  const TimeZone* zone;
};
std::optional<ParsedTimestamp> ParseTimestamp(std::string_view text);

// "1-2" for a year-month, "-1 02:03:04.5" for a day-time interval, or the whole literal "INTERVAL '1-2' YEAR TO MONTH".
// Months or microseconds.
std::optional<int64_t> ParseInterval(std::string_view text, const Type& type);

std::string_view TrimSpace(std::string_view text);

}  // namespace quell
