// Numbers, dates and intervals as Spark prints them.
#pragma once

#include <cstdint>
#include <string>

#include "data/civil.h"
#include "data/type.h"
#include "data/value.h"

namespace quell {

std::string FormatInt128(Int128 value);
// As Java's Double.toString: "1.0", "1.0E10", "NaN", "Infinity".
std::string FormatDouble(double value);
std::string FormatFloat(float value);
// "2020-02-29"; years beyond 9999 with a sign.
std::string FormatDate(int64_t days);
// "2020-02-29 01:02:03.5": microseconds of a local clock.
std::string FormatLocalTimestamp(int64_t local_us);
std::string FormatLocalTime(const LocalTime& local);
// "INTERVAL '1-2' YEAR TO MONTH", "INTERVAL '1 02:03:04' DAY TO SECOND".
std::string FormatInterval(int64_t value, const Type& type);

}  // namespace quell
