// Writes JSON text, compact and in the order of the calls.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace quell {

// Usage: writer.BeginObject(); writer.Key("a").Int(1); writer.EndObject(); writer.text(). Commas come by themselves;
// that calls nest rightly is up to the caller.
class JsonWriter {
 public:
  JsonWriter& BeginObject();
  JsonWriter& EndObject();
  JsonWriter& BeginArray();
  JsonWriter& EndArray();
  JsonWriter& Key(std::string_view key);

  JsonWriter& String(std::string_view value);
  JsonWriter& Int(int64_t value);
  // Shortest text that reads back as the same number; NaN and infinities, which JSON has not, as strings.
  JsonWriter& Double(double value);
  JsonWriter& Float(float value);
  JsonWriter& Bool(bool value);
  JsonWriter& Null();
  // Text that is JSON already.
  JsonWriter& Raw(std::string_view json);

  // A member of the current object.
  JsonWriter& Member(std::string_view key, std::string_view value) { return Key(key).String(value); }
  JsonWriter& Member(std::string_view key, const char* value) { return Key(key).String(value); }
  JsonWriter& Member(std::string_view key, bool value) { return Key(key).Bool(value); }
  JsonWriter& Member(std::string_view key, int64_t value) { return Key(key).Int(value); }
  JsonWriter& Member(std::string_view key, int32_t value) { return Key(key).Int(value); }
  // Left out when there is no value.
  template <typename T>
  JsonWriter& Member(std::string_view key, const std::optional<T>& value) {
    return value ? Member(key, *value) : *this;
  }

  const std::string& text() const { return text_; }
  std::string Take() { return std::move(text_); }

 private:
  void Separate();

  std::string text_;
  bool needs_comma_ = false;
};

// `value` in quotes, escaped as JSON wants it. Bytes that are not UTF-8 become U+FFFD.
std::string QuoteJson(std::string_view value);

}  // namespace quell
