// Selections from columns of booleans.
#include <bit>

#include "data/buffers.h"
#include "expression/evaluator/node.h"

namespace quell {

namespace {

// The 64 bits from `position` on; bits beyond `end` are 0.
uint64_t LoadBits(const uint8_t* bits, int64_t position, int64_t end) {
  uint64_t word = 0;
  const int64_t count = std::min<int64_t>(64, end - position);
  const int64_t first_byte = position >> 3;
  const int64_t shift = position & 7;
  const int64_t bytes = (shift + count + 7) / 8;
  std::memcpy(&word, bits + first_byte, static_cast<size_t>(std::min<int64_t>(bytes, 8)));
  word >>= shift;
  if (bytes > 8) word |= static_cast<uint64_t>(bits[first_byte + 8]) << (64 - shift);
  return count == 64 ? word : word & ((uint64_t{1} << count) - 1);
}

void AppendDense(const Column& column, int64_t num_rows, Selection& selected) {
  const uint8_t* values = column.data->buffers[1]->data();
  const uint8_t* validity = column.validity();
  const int64_t offset = column.data->offset;
  size_t count = selected.size();
  selected.resize(count + static_cast<size_t>(num_rows));
  int32_t* to = selected.data();
  for (int64_t row = 0; row < num_rows; row += 64) {
    uint64_t word = LoadBits(values, offset + row, offset + num_rows);
    if (validity) word &= LoadBits(validity, offset + row, offset + num_rows);
    for (; word != 0; word &= word - 1) to[count++] = static_cast<int32_t>(row + std::countr_zero(word));
  }
  selected.resize(count);
}

}  // namespace

void AppendTrueRows(const Column& column, const Rows& rows, Selection& selected) {
  if (column.data->type->id() == arrow::Type::NA) return;
  if (column.encoding == Encoding::kConstant) {
    if (ValueAt(column, 0) == Value{true})
      rows.ForEach([&](int64_t row) { selected.push_back(static_cast<int32_t>(row)); });
    return;
  }
  const Column flat = Flatten(column, rows.num_rows);
  if (!rows.selection) return AppendDense(flat, rows.num_rows, selected);
  const uint8_t* values = flat.data->buffers[1]->data();
  const uint8_t* validity = flat.validity();
  const int64_t offset = flat.data->offset;
  size_t count = selected.size();
  selected.resize(count + rows.selection->size());
  for (const int32_t row : *rows.selection) {
    selected[count] = row;
    count += GetBit(values, offset + row) & (validity ? GetBit(validity, offset + row) : true);
  }
  selected.resize(count);
}

Selection Without(const Rows& rows, const Selection& taken) {
  Selection rest;
  rest.reserve(static_cast<size_t>(rows.count()) - taken.size());
  size_t next = 0;
  rows.ForEach([&](int64_t row) {
    if (next < taken.size() && taken[next] == row) {
      ++next;
    } else {
      rest.push_back(static_cast<int32_t>(row));
    }
  });
  return rest;
}

void EvaluatorNode::Filter(const Batch& batch, const Rows& rows, Selection& selected) {
  AppendTrueRows(Evaluate(batch, rows), rows, selected);
}

}  // namespace quell
