// What the states of aggregates are made of.
#pragma once

#include <memory>
#include <vector>

#include "base/check.h"
#include "data/buffers.h"
#include "expression/aggregate_function.h"
#include "expression/functions/binding.h"
#include "expression/functions/kernel.h"

namespace quell {

// Calls f(k, row) for each selected row that is not NULL in `column`, which is flat or constant; k counts all selected
// rows.
template <typename F>
void ForEachValid(const Column& column, const Rows& rows, F&& f) {
  if (column.data->type->id() == arrow::Type::NA) return;
  if (column.encoding == Encoding::kConstant && column.data->GetNullCount() > 0) return;
  const uint8_t* validity = column.encoding == Encoding::kConstant ? nullptr : column.validity();
  const int64_t offset = column.data->offset;
  if (!rows.selection) {
    if (!validity) {
      for (int64_t row = 0; row < rows.num_rows; ++row) f(row, row);
    } else {
      for (int64_t row = 0; row < rows.num_rows; ++row) {
        if (GetBit(validity, offset + row)) f(row, row);
      }
    }
    return;
  }
  const Selection& selection = *rows.selection;
  const auto count = static_cast<int64_t>(selection.size());
  if (!validity) {
    for (int64_t k = 0; k < count; ++k) f(k, static_cast<int64_t>(selection[static_cast<size_t>(k)]));
  } else {
    for (int64_t k = 0; k < count; ++k) {
      const int64_t row = selection[static_cast<size_t>(k)];
      if (GetBit(validity, offset + row)) f(k, row);
    }
  }
}

// The column without its dictionary; constants stay.
inline Column WithoutDictionary(const Column& column, const Rows& rows) {
  return column.encoding == Encoding::kDictionary ? Flatten(column, rows.num_rows) : column;
}

template <typename T>
int64_t VectorBytes(const std::vector<T>& vector) {
  return static_cast<int64_t>(vector.capacity() * sizeof(T));
}

// The validity bits of groups [begin, end) from a byte for each.
inline BufferPtr SeenBits(const std::vector<uint8_t>& seen, int64_t begin, int64_t end) {
  BufferPtr bits = AllocateBits(end - begin, false);
  PackBits(seen.data() + begin, end - begin, bits->mutable_data());
  return bits;
}

// A flat column of `values(group)` for the groups [begin, end).
template <typename T, typename F>
Column ColumnOfGroups(const Type& type, int64_t begin, int64_t end, BufferPtr validity, F&& values) {
  BufferPtr buffer = AllocateBytes((end - begin) * static_cast<int64_t>(sizeof(T)));
  auto* to = reinterpret_cast<T*>(buffer->mutable_data());
  for (int64_t group = begin; group < end; ++group) to[group - begin] = values(static_cast<size_t>(group));
  return MakeFlat(type, end - begin, std::move(buffer), std::move(validity));
}

// The call of an aggregate as an expression. It may be NULL, unless the function has a value for no rows.
inline ExprPtr MakeAggregate(const FunctionCall& call, ExprList arguments, AggregateFunction function) {
  function.argument_types.clear();
  for (const ExprPtr& argument : arguments) function.argument_types.push_back(argument->type());
  ExprPtr filter = call.filter;
  const Type type = function.result_type;
  const bool nullable = function.null_when_empty;
  return std::make_shared<AggregateCall>(std::string(call.name),
                                         std::make_shared<const AggregateFunction>(std::move(function)), type, nullable,
                                         std::move(arguments), call.is_distinct, std::move(filter));
}

}  // namespace quell
