// Members of what the schema keeps with a field.
#pragma once

#include <optional>
#include <string>

#include "data/schema.h"
#include "delta/spec/json_fields.h"

namespace quell::delta {

// nullopt where the field has no such member. An element that is no number and no string is valid for its type alone.
template <typename T>
std::optional<T> MetadataMember(const Field& field, std::string_view key) {
  if (field.metadata_json.find(key) == std::string::npos) return std::nullopt;
  simdjson::dom::parser parser;
  simdjson::dom::object members;
  if (parser.parse(field.metadata_json).get(members) != simdjson::SUCCESS) return std::nullopt;
  return Optional<T>(members, key);
}

}  // namespace quell::delta
