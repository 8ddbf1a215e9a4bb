// What Spark keeps in the metadata of a table's column.
#pragma once

#include <optional>
#include <string>

#include "data/length_limits.h"
#include "data/schema.h"

namespace quell::catalog {

// The JSON of Field::metadata_json.
std::string ColumnMetadata(const std::string& comment, const LimitedType& type);
// Of a column with CHAR(n) or VARCHAR(n) in its type. Throws DELTA_MALFORMED_LOG_FILE.
std::optional<LengthLimits> LengthLimitsOf(const Field& column);

}  // namespace quell::catalog
