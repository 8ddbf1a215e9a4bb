// A table's schema as the JSON that metaData.schemaString holds (PROTOCOL.md, "Schema Serialization Format").
#pragma once

#include <string>
#include <string_view>

#include "data/schema.h"

namespace quell::delta {

// Keeps the metadata of every field. Throws DELTA_SCHEMA_NOT_SET for an empty text, DELTA_MALFORMED_LOG_FILE for JSON
// that is no schema and DELTA_UNSUPPORTED_DATA_TYPES for types that Quell does not have.
Schema ParseSchema(std::string_view json);

// Throws DELTA_UNSUPPORTED_DATA_TYPES for what Delta cannot store (intervals).
std::string SchemaToJson(const Schema& schema);

}  // namespace quell::delta
