// The one exception type of the engine, and the error classes (names and SQLSTATEs are Spark's).
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <utility>

namespace quell {

// A Spark error condition, such as UNRESOLVED_COLUMN.WITH_SUGGESTION / 42703. Each room declares the classes it
// raises next to its code; the ones that several rooms raise are in base/error_classes.h.
struct ErrorClass {
  const char* name;
  const char* sql_state;

  bool operator==(const ErrorClass& other) const { return std::string_view(name) == other.name; }
};

// A place in the text of a statement. Lines and columns count from 1; 0 means unknown.
struct SourceLocation {
  int32_t line = 0;
  int32_t column = 0;

  bool operator==(const SourceLocation&) const = default;
};

// Thrown when a statement cannot go on. The message says what happened, then the value, then the way out;
// lower case, no full stop. Caught at the edges only (session, command line, Python binding).
class Error : public std::exception {
 public:
  template <typename... Args>
  Error(const ErrorClass& error_class, SourceLocation location, fmt::format_string<Args...> format, Args&&... args)
      : class_(error_class), location_(location), message_(fmt::format(format, std::forward<Args>(args)...)) {
    Render();
  }
  template <typename... Args>
  Error(const ErrorClass& error_class, fmt::format_string<Args...> format, Args&&... args)
      : Error(error_class, SourceLocation{}, format, std::forward<Args>(args)...) {}

  const ErrorClass& error_class() const { return class_; }
  const SourceLocation& location() const { return location_; }
  const std::string& message() const { return message_; }
  // "[CLASS] message SQLSTATE: 42703 (line 1, column 8)".
  const char* what() const noexcept override { return rendered_.c_str(); }

 private:
  void Render();

  ErrorClass class_;
  SourceLocation location_;
  std::string message_;
  std::string rendered_;
};

}  // namespace quell
