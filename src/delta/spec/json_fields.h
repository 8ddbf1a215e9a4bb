// Members of JSON objects as C++ values: the one place that knows simdjson's errors. A member of another type than
// asked for throws MalformedJson; null counts as absent.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include <simdjson.h>

#include "data/format.h"
#include "delta/error_classes.h"

namespace quell::delta {

using JsonElement = simdjson::dom::element;

// What went wrong. No error of a statement: the caller catches it, and adds where.
struct MalformedJson {
  std::string reason;
};

// nullopt when the member is absent or null.
inline std::optional<JsonElement> FindMember(const simdjson::dom::object& object, std::string_view key) {
  JsonElement element;
  if (object[key].get(element) != simdjson::SUCCESS || element.is_null()) return std::nullopt;
  return element;
}

template <typename T>
T As(const JsonElement& element, std::string_view key) {
  using Held = std::conditional_t<std::is_same_v<T, std::string>, std::string_view, T>;
  Held value;
  if (element.get(value) != simdjson::SUCCESS) throw MalformedJson{"unexpected type of '" + std::string(key) + "'"};
  return T(value);
}

template <typename T>
std::optional<T> Optional(const simdjson::dom::object& object, std::string_view key) {
  const auto element = FindMember(object, key);
  return element ? std::optional<T>(As<T>(*element, key)) : std::nullopt;
}

template <typename T>
T Required(const simdjson::dom::object& object, std::string_view key) {
  const auto element = FindMember(object, key);
  if (!element) throw MalformedJson{"no member '" + std::string(key) + "'"};
  return As<T>(*element, key);
}

// A string without its quotes, all else as JSON. (simdjson's minify takes objects and arrays alone.)
inline std::string TextOf(const JsonElement& element) {
  switch (element.type()) {
    case simdjson::dom::element_type::STRING: return As<std::string>(element, "value");
    case simdjson::dom::element_type::INT64: return std::to_string(As<int64_t>(element, "value"));
    case simdjson::dom::element_type::UINT64: return std::to_string(As<uint64_t>(element, "value"));
    case simdjson::dom::element_type::DOUBLE: return FormatDouble(As<double>(element, "value"));
    case simdjson::dom::element_type::BOOL: return As<bool>(element, "value") ? "true" : "false";
    case simdjson::dom::element_type::NULL_VALUE: return "null";
    default: return simdjson::minify(element);
  }
}

// An object of strings; values that are no strings are kept as their JSON text.
inline std::map<std::string, std::string> StringMap(const simdjson::dom::object& object, std::string_view key) {
  std::map<std::string, std::string> map;
  const auto element = FindMember(object, key);
  if (!element) return map;
  for (const auto& [name, value] : As<simdjson::dom::object>(*element, key)) {
    if (value.is_null()) continue;
    map.emplace(name, TextOf(value));
  }
  return map;
}

}  // namespace quell::delta
