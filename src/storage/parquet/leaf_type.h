// What a primitive column of a Parquet file is in SQL, and how its values come from what is stored.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <arrow/array/data.h>
#include <parquet/schema.h>

#include "data/column.h"
#include "data/type.h"
#include "data/value.h"

namespace quell::storage {

// How stored values become values of a column.
enum class LeafConversion : uint8_t {
  kNone,           // fixed width, the same bytes
  kBits,           // bytes 0 and 1 to bits
  kBytes,          // BYTE_ARRAY to STRING or BINARY
  kFixedBytes,     // FIXED_LEN_BYTE_ARRAY to BINARY
  kInt8,           // of an INT32
  kInt16,          // of an INT32
  kWiden,          // INT32 to 8 bytes
  kWidenUnsigned,  // INT32 without sign to 8 bytes
  kUnsigned64,     // INT64 without sign to DECIMAL(20,0)
  kMillis,         // to microseconds
  kNanos,          // to microseconds, rounded down
  kInt96,          // nanoseconds of a day and a Julian day to microseconds
  kDecimalBytes,   // big-endian two's complement to 8 or 16 bytes
  kFloat16,        // to FLOAT
};

struct LeafType {
  Type type;
  LeafConversion conversion = LeafConversion::kNone;
  int stored_width = 0;  // bytes in memory as decoded; 0 for BYTE_ARRAY

  // The type that Spark reads the column as; what Spark refuses comes as the nearest type that holds its values.
  static LeafType Of(const parquet::ColumnDescriptor& column);
  // The same column read as a wider type, where that is another conversion of what is stored; nullopt where it takes a
  // cast.
  std::optional<LeafType> As(const Type& wanted) const;
};

// Decoded values before their conversion: `values` of stored_width bytes each, or `offsets` (length + 1) and bytes.
struct StoredValues {
  int64_t length = 0;
  std::shared_ptr<arrow::Buffer> values;
  std::shared_ptr<arrow::Buffer> offsets;   // BYTE_ARRAY only
  std::shared_ptr<arrow::Buffer> validity;  // nullptr when no row is null
  int64_t null_count = 0;
};

// The Arrow array of `leaf.type`. Takes over the buffers where nothing has to change. Throws CorruptPage for values
// that cannot be.
ArrayDataPtr ConvertStored(const LeafType& leaf, StoredValues stored);

// A bound of a statistic, as its PLAIN encoding without length; nullopt where it says nothing (NaN, INT96, wrong size).
std::optional<Value> DecodeBound(const LeafType& leaf, const std::string& bytes);

}  // namespace quell::storage
