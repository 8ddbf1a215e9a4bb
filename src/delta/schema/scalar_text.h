// Values as the log writes them: partition values and bounds of statistics.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "data/time_zone.h"
#include "data/type.h"
#include "data/value.h"

namespace quell::delta {

// Parses "2024-01-31", "12.30", "true", "2024-01-31 01:02:03.5", "2024-01-31T01:02:03.123456Z" ... as a scalar type.
// A TIMESTAMP without offset is local in `zone`. nullopt when the text is none of the type.
std::optional<Value> ParseScalar(std::string_view text, const Type& type, const TimeZone& zone);

// The value of a partition column; an absent or empty text is null. Throws DELTA_MALFORMED_LOG_FILE.
Value ParsePartitionValue(const std::optional<std::string>& text, const Type& type, const TimeZone& zone);
// nullopt for null, and for the empty string, which the protocol cannot tell from it.
std::optional<std::string> FormatPartitionValue(const Value& value, const Type& type);

}  // namespace quell::delta
