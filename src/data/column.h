// Columns in Arrow memory, and the batches that flow through pipelines.
#pragma once

#include <arrow/array/data.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "data/schema.h"
#include "data/type.h"
#include "data/value.h"

namespace quell {

using ArrayDataPtr = std::shared_ptr<arrow::ArrayData>;

// How the values of a column stand in memory.
enum class Encoding : uint8_t {
  kFlat,        // one value a row
  kDictionary,  // int32 codes a row (buffers[1]) with `data->dictionary` holding the flat values; nulls are in the
                // codes' bitmap
  kConstant,    // an array of length 1 that stands for every row
};

// A column of a batch: a type, an encoding and Arrow memory. Copies share the memory; nothing is changed once it is
// shared.
//
// Physical Arrow types by type: BOOLEAN bool (bits); BYTE int8; SHORT int16; INT int32; LONG int64; FLOAT float; DOUBLE
// double; DECIMAL(p<=18) decimal64, else decimal128; STRING utf8; BINARY binary; DATE date32; TIMESTAMP timestamp[us,
// UTC]; TIMESTAMP_NTZ timestamp[us]; YEAR-MONTH interval int32; DAY-TIME interval int64; ARRAY list; MAP map; STRUCT
// struct; VOID null. `data->offset` may be different from 0 for all but kConstant.
struct Column {
  Type type;
  Encoding encoding = Encoding::kFlat;
  ArrayDataPtr data;

  // Rows it has as an array: 1 for a constant.
  int64_t length() const { return data->length; }
  bool may_have_nulls() const { return data->type->id() == arrow::Type::NA || data->MayHaveNulls(); }
  int64_t memory_bytes() const;

  // Pointer to fixed-width values (of the codes, for a dictionary), offset applied.
  template <typename T>
  const T* values() const {
    return data->GetValues<T>(1);
  }
  // Bit i + data->offset tells whether row i is not null; nullptr when no row is null.
  const uint8_t* validity() const {
    return data->buffers[0] && data->null_count != 0 ? data->buffers[0]->data() : nullptr;
  }
};

// The rows of a batch that are alive: ascending positions. A filter narrows it instead of copying columns.
using Selection = std::vector<int32_t>;
using SelectionPtr = std::shared_ptr<const Selection>;

// A few thousand rows that flow through a pipeline together. All columns have num_rows rows (or are constant).
struct Batch {
  std::vector<Column> columns;
  int64_t num_rows = 0;
  SelectionPtr selection;  // nullptr: every row is alive

  int64_t num_selected() const { return selection ? static_cast<int64_t>(selection->size()) : num_rows; }
  int64_t memory_bytes() const;
};

// Rows that a pipeline hands on at once: small enough for a few columns to stay in the second-level cache.
inline constexpr int64_t kBatchRows = 4096;

// The flat physical Arrow type of a column of this type, and back. FromArrowType maps what other writers use (large
// strings, views, unsigned, other time units, dictionaries) to the type that Spark reads it as; throws
// UNSUPPORTED_DATATYPE.
std::shared_ptr<arrow::DataType> ToArrowType(const Type& type);
Type FromArrowType(const arrow::DataType& type);
std::shared_ptr<arrow::Schema> ToArrowSchema(const Schema& schema);
Schema FromArrowSchema(const arrow::Schema& schema);

Column MakeConstant(const Type& type, const Value& value);
// A flat column of these values.
Column MakeColumn(const Type& type, const std::vector<Value>& values);
// A column of what another writer made: large strings, views, unsigned integers, other time units and index types are
// converted to the physical type of `type`; int32 dictionaries stay dictionaries; buffers that begin at no multiple of
// 16 bytes are copied.
Column FromArrow(const ArrayDataPtr& from, const Type& type);
// The value at a row, whatever the encoding.
Value ValueAt(const Column& column, int64_t row);

// The same rows as one value each. A flat column comes back as it is.
Column Flatten(const Column& column, int64_t num_rows);
// Copies the selected rows to dense columns; keeps dictionaries and constants.
Batch Compact(const Batch& batch);
// `num_rows` rows from `begin` on, over the same memory; threads may release slices of one column in any order.
Column Slice(const Column& column, int64_t begin, int64_t num_rows);
// Rows of `column` at `rows`, in that order; -1 gives null.
Column Take(const Column& column, const std::vector<int32_t>& rows);
// One batch of all rows; dictionaries that differ are unified or flattened.
Batch Concatenate(const std::vector<Batch>& batches, const Schema& schema);

}  // namespace quell
