// Members of what the schema keeps with a field.
#pragma once

#include <optional>
#include <string>

#include "data/schema.h"
#include "delta/error_classes.h"
#include "delta/spec/json_fields.h"

namespace quell::delta {

// nullopt where the field has no such member. An element that is no number and no string is valid for its type alone.
// Throws DELTA_MALFORMED_LOG_FILE where it is of another type.
template <typename T>
std::optional<T> MetadataMember(const Field& field, std::string_view key) {
  if (field.metadata_json.find(key) == std::string::npos) return std::nullopt;
  simdjson::dom::parser parser;
  simdjson::dom::object members;
  if (parser.parse(field.metadata_json).get(members) != simdjson::SUCCESS) return std::nullopt;
  try {
    return Optional<T>(members, key);
  } catch (const MalformedJson& malformed) {
    throw Error(error_class::kMalformedLog,
                "cannot read the metadata of the column {}: {}; the table's schema is damaged", field.name,
                malformed.reason);
  }
}

}  // namespace quell::delta
