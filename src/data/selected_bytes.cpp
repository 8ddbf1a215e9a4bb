#include "data/selected_bytes.h"

#include <arrow/util/byte_size.h>

namespace quell {
namespace {

int64_t ValueBytes(const Column& column) {
  if (column.encoding == Encoding::kDictionary) return column.length() * static_cast<int64_t>(sizeof(int32_t));
  return arrow::util::ReferencedBufferSize(*column.data).ValueOr(0);
}

}  // namespace

int64_t SelectedBytes(const Batch& batch) {
  if (batch.num_rows == 0) return 0;
  int64_t bytes = 0;
  for (const Column& column : batch.columns) bytes += ValueBytes(column);
  const double share = static_cast<double>(batch.num_selected()) / static_cast<double>(batch.num_rows);
  return static_cast<int64_t>(static_cast<double>(bytes) * share);
}

}  // namespace quell
