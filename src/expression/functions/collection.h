// Kernels over rows as values, for arrays and maps.
#pragma once

#include <vector>

#include "expression/functions/binding.h"

namespace quell {

using RowFunction = std::function<Value(std::vector<Value>& arguments)>;

// f gets the arguments of a row, none of them NULL unless `sees_nulls`, and returns its result (an empty Value is
// NULL).
KernelPtr MakeValueKernel(RowFunction f, bool sees_nulls = false, std::string variant = {});

inline std::vector<Value>& ItemsOf(Value& value) { return std::get<std::vector<Value>>(value.data); }
inline const std::vector<Value>& ItemsOf(const Value& value) { return std::get<std::vector<Value>>(value.data); }

// Equal, or both NULL.
inline bool SameItem(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return a.is_null() && b.is_null();
  return CompareValues(a, b) == 0;
}

// Argument `index` if it has the nested type `id`. Throws DATATYPE_MISMATCH.
ExprPtr NestedArgument(const FunctionCall& call, size_t index, TypeId id);

}  // namespace quell
