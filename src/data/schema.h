// The named and typed columns of a table, a file or a result.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/type.h"

namespace quell {

class Schema {
 public:
  Schema() = default;
  explicit Schema(std::vector<Field> fields) : fields_(std::move(fields)) {}

  const std::vector<Field>& fields() const { return fields_; }
  const Field& field(int i) const { return fields_[i]; }
  int num_fields() const { return static_cast<int>(fields_.size()); }
  // Names compare without regard to case, as Spark's do by default; the first match counts.
  std::optional<int> IndexOf(std::string_view name) const;
  // "struct<a:bigint,b:string>".
  std::string ToString() const;

  bool operator==(const Schema&) const = default;

 private:
  std::vector<Field> fields_;
};

// Equality of identifiers: ASCII letters without regard to case.
bool SameName(std::string_view a, std::string_view b);

// An identifier as SQL takes it: in back quotes where it needs them.
std::string QuoteIfNeeded(const std::string& name);

// Parses Spark's type names: "bigint", "decimal(12,2)", "array<struct<a:int>>", "a INT, b STRING NOT NULL" is not one.
// Throws PARSE_SYNTAX_ERROR or UNSUPPORTED_DATATYPE.
Type ParseType(std::string_view text);

}  // namespace quell
