// Types of text values, as Spark's inferSchema finds them.
#pragma once

#include <string_view>

#include "data/type.h"

namespace quell::storage {

// Grows from VOID over the values of one column: INT, BIGINT, DOUBLE; DATE, TIMESTAMP; BOOLEAN; else STRING.
class TextTypeInference {
 public:
  void Add(std::string_view value);
  // Whether no value can change the type any more.
  bool is_final() const { return id_ == TypeId::kString; }
  // STRING for a column without values.
  Type Finish() const { return Type(id_ == TypeId::kNull ? TypeId::kString : id_); }

 private:
  TypeId id_ = TypeId::kNull;
};

}  // namespace quell::storage
