#include "storage/parquet/leaf_type.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <vector>

#include <parquet/types.h>

#include "base/arrow_result.h"
#include "base/check.h"
#include "base/error_classes.h"
#include "base/memory_pool.h"
#include "storage/parquet/decode/corrupt_page.h"
#include "storage/parquet/decode/fixed_decoder.h"

namespace quell::storage {

namespace {

constexpr int64_t kMicrosPerMilli = 1000;
constexpr int64_t kNanosPerMicro = 1000;
constexpr int64_t kMicrosPerDay = 86'400'000'000;
constexpr int64_t kJulianDayOfEpoch = 2'440'588;
constexpr size_t kMaxDecimalBytes = sizeof(Int128);

struct Int96 {
  int64_t nanos_of_day;
  int32_t julian_day;
} __attribute__((packed));

int64_t FloorDivide(int64_t a, int64_t b) { return a / b - (a % b < 0); }

int64_t ToMicros(const Int96& value) {
  // Unsigned, since hostile days wrap around.
  const auto day = static_cast<uint64_t>(int64_t{value.julian_day} - kJulianDayOfEpoch);
  return static_cast<int64_t>(day * kMicrosPerDay +
                              static_cast<uint64_t>(FloorDivide(value.nanos_of_day, kNanosPerMicro)));
}

Int128 BigEndian(const uint8_t* bytes, size_t length) {
  RequireFormat(length <= kMaxDecimalBytes, "a decimal of more than 16 bytes");
  unsigned __int128 value = length > 0 && (bytes[0] & 0x80) ? ~static_cast<unsigned __int128>(0) : 0;
  for (size_t i = 0; i < length; ++i) value = value << 8 | bytes[i];
  return static_cast<Int128>(value);
}

float HalfToFloat(uint16_t half) {
  const uint32_t sign = uint32_t{half & 0x8000u} << 16;
  const uint32_t exponent = half >> 10 & 0x1f;
  const uint32_t fraction = half & 0x3ff;
  if (exponent == 0) return std::bit_cast<float>(std::bit_cast<uint32_t>(std::ldexp(float(fraction), -24)) | sign);
  if (exponent == 0x1f) return std::bit_cast<float>(sign | 0x7f800000u | fraction << 13);
  return std::bit_cast<float>(sign | (exponent + 112) << 23 | fraction << 13);
}

std::shared_ptr<arrow::Buffer> Allocate(int64_t bytes) {
  return Unwrap(arrow::AllocateBuffer(bytes, EnginePool()), error_class::kOutOfMemory, "allocate a column");
}

template <typename From, typename To, typename F>
std::shared_ptr<arrow::Buffer> MapValues(const StoredValues& stored, F f) {
  std::shared_ptr<arrow::Buffer> result = Allocate(stored.length * sizeof(To));
  const auto* from = reinterpret_cast<const From*>(stored.values->data());
  auto* to = reinterpret_cast<To*>(result->mutable_data());
  for (int64_t i = 0; i < stored.length; ++i) to[i] = f(from[i]);
  return result;
}

std::shared_ptr<arrow::Buffer> PackBits(const StoredValues& stored) {
  const int64_t num_bytes = (stored.length + 7) / 8;
  std::shared_ptr<arrow::Buffer> result = Allocate(num_bytes);
  uint8_t* bits = result->mutable_data();
  std::memset(bits, 0, num_bytes);
  const uint8_t* from = stored.values->data();
  for (int64_t i = 0; i < stored.length; ++i) bits[i / 8] |= static_cast<uint8_t>((from[i] & 1) << (i % 8));
  return result;
}

template <typename T>
std::shared_ptr<arrow::Buffer> DecimalsFromBytes(const LeafType& leaf, const StoredValues& stored) {
  std::shared_ptr<arrow::Buffer> result = Allocate(stored.length * sizeof(T));
  uint8_t* to = result->mutable_data();
  const uint8_t* bytes = stored.values->data();
  const auto* offsets = stored.offsets ? reinterpret_cast<const int32_t*>(stored.offsets->data()) : nullptr;
  const uint8_t* validity = stored.validity ? stored.validity->data() : nullptr;
  for (int64_t i = 0; i < stored.length; ++i) {
    const bool is_valid = !validity || (validity[i / 8] >> (i % 8) & 1);
    const int64_t begin = offsets ? offsets[i] : i * leaf.stored_width;
    const int64_t length = offsets ? offsets[i + 1] - offsets[i] : leaf.stored_width;
    const T value = is_valid ? static_cast<T>(BigEndian(bytes + begin, length)) : T{0};
    std::memcpy(to + i * sizeof(T), &value, sizeof(T));
  }
  return result;
}

std::shared_ptr<arrow::Buffer> EvenOffsets(int64_t length, int width) {
  RequireFormat(length * width <= INT32_MAX, "values of more than 2 GiB");
  std::shared_ptr<arrow::Buffer> result = Allocate((length + 1) * sizeof(int32_t));
  auto* offsets = reinterpret_cast<int32_t*>(result->mutable_data());
  for (int64_t i = 0; i <= length; ++i) offsets[i] = static_cast<int32_t>(i * width);
  return result;
}

LeafType DecimalOf(const parquet::ColumnDescriptor& column, int precision, int scale, int width) {
  const bool is_valid = precision >= 1 && precision <= Type::kMaxPrecision && scale >= 0 && scale <= precision;
  if (!is_valid) return LeafType{Type(TypeId::kBinary), LeafConversion::kBytes, width};
  const Type type = Type::Decimal(precision, scale);
  switch (column.physical_type()) {
    case parquet::Type::INT32:
      // Ten digits and more do not fit an INT32, but some writers say so.
      if (!type.is_short_decimal()) return LeafType{Type(TypeId::kInt), LeafConversion::kNone, width};
      return LeafType{type, LeafConversion::kWiden, width};
    case parquet::Type::INT64:
      if (!type.is_short_decimal()) return LeafType{Type(TypeId::kLong), LeafConversion::kNone, width};
      return LeafType{type, LeafConversion::kNone, width};
    default: return LeafType{type, LeafConversion::kDecimalBytes, width};
  }
}

LeafType IntegerOf(const parquet::IntLogicalType& integer, int width) {
  const bool is_signed = integer.is_signed();
  switch (integer.bit_width()) {
    case 8:
      return is_signed ? LeafType{Type(TypeId::kByte), LeafConversion::kInt8, width}
                       : LeafType{Type(TypeId::kShort), LeafConversion::kInt16, width};
    case 16:
      return is_signed ? LeafType{Type(TypeId::kShort), LeafConversion::kInt16, width}
                       : LeafType{Type(TypeId::kInt), LeafConversion::kNone, width};
    case 32:
      return is_signed ? LeafType{Type(TypeId::kInt), LeafConversion::kNone, width}
                       : LeafType{Type(TypeId::kLong), LeafConversion::kWidenUnsigned, width};
    default:
      constexpr int kUnsigned64Digits = 20;
      return is_signed ? LeafType{Type(TypeId::kLong), LeafConversion::kNone, width}
                       : LeafType{Type::Decimal(kUnsigned64Digits, 0), LeafConversion::kUnsigned64, width};
  }
}

LeafType TimestampOf(const parquet::TimestampLogicalType& timestamp, int width) {
  const Type type(timestamp.is_adjusted_to_utc() || timestamp.is_from_converted_type() ? TypeId::kTimestamp
                                                                                       : TypeId::kTimestampNtz);
  switch (timestamp.time_unit()) {
    case parquet::LogicalType::TimeUnit::MILLIS: return LeafType{type, LeafConversion::kMillis, width};
    case parquet::LogicalType::TimeUnit::NANOS: return LeafType{type, LeafConversion::kNanos, width};
    default: return LeafType{type, LeafConversion::kNone, width};
  }
}

// The type of a column without annotation.
LeafType PhysicalOf(const parquet::ColumnDescriptor& column, int width) {
  switch (column.physical_type()) {
    case parquet::Type::BOOLEAN: return LeafType{Type(TypeId::kBoolean), LeafConversion::kBits, width};
    case parquet::Type::INT32: return LeafType{Type(TypeId::kInt), LeafConversion::kNone, width};
    case parquet::Type::INT64: return LeafType{Type(TypeId::kLong), LeafConversion::kNone, width};
    case parquet::Type::INT96: return LeafType{Type(TypeId::kTimestamp), LeafConversion::kInt96, width};
    case parquet::Type::FLOAT: return LeafType{Type(TypeId::kFloat), LeafConversion::kNone, width};
    case parquet::Type::DOUBLE: return LeafType{Type(TypeId::kDouble), LeafConversion::kNone, width};
    case parquet::Type::FIXED_LEN_BYTE_ARRAY:
      return LeafType{Type(TypeId::kBinary), LeafConversion::kFixedBytes, width};
    default: return LeafType{Type(TypeId::kBinary), LeafConversion::kBytes, width};
  }
}

template <typename T>
std::optional<T> FromBytes(const std::string& bytes) {
  if (bytes.size() != sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, bytes.data(), sizeof(T));
  return value;
}

}  // namespace

LeafType LeafType::Of(const parquet::ColumnDescriptor& column) {
  const parquet::Type::type physical = column.physical_type();
  const int width = PhysicalWidth(physical, column.type_length());
  const auto& logical = column.logical_type();
  if (!logical) return PhysicalOf(column, width);
  switch (logical->type()) {
    case parquet::LogicalType::Type::DECIMAL: {
      const auto& decimal = static_cast<const parquet::DecimalLogicalType&>(*logical);
      LeafType leaf = DecimalOf(column, decimal.precision(), decimal.scale(), width);
      if (leaf.conversion == LeafConversion::kBytes) leaf = PhysicalOf(column, width);
      return leaf;
    }
    case parquet::LogicalType::Type::INT:
      return IntegerOf(static_cast<const parquet::IntLogicalType&>(*logical), width);
    case parquet::LogicalType::Type::TIMESTAMP:
      return TimestampOf(static_cast<const parquet::TimestampLogicalType&>(*logical), width);
    case parquet::LogicalType::Type::DATE: return LeafType{Type(TypeId::kDate), LeafConversion::kNone, width};
    case parquet::LogicalType::Type::STRING:
    case parquet::LogicalType::Type::ENUM:
    case parquet::LogicalType::Type::JSON: {
      LeafType leaf = PhysicalOf(column, width);
      leaf.type = Type(TypeId::kString);
      return leaf;
    }
    case parquet::LogicalType::Type::FLOAT16: return LeafType{Type(TypeId::kFloat), LeafConversion::kFloat16, width};
    default: return PhysicalOf(column, width);
  }
}

std::optional<LeafType> LeafType::As(const Type& wanted) const {
  if (wanted == type) return *this;
  LeafType result = *this;
  result.type = wanted;
  const auto is_text = [](const Type& t) { return t.id() == TypeId::kString || t.id() == TypeId::kBinary; };
  const auto is_instant = [](const Type& t) { return t.id() == TypeId::kTimestamp || t.id() == TypeId::kTimestampNtz; };
  if ((is_text(type) && is_text(wanted)) || (is_instant(type) && is_instant(wanted))) return result;
  if (type.is_integral() && wanted.is_integral() && stored_width == sizeof(int32_t) && wanted.id() > type.id() &&
      conversion != LeafConversion::kWidenUnsigned) {
    result.conversion = wanted.id() == TypeId::kLong  ? LeafConversion::kWiden
                        : wanted.id() == TypeId::kInt ? LeafConversion::kNone
                                                      : LeafConversion::kInt16;
    return result;
  }
  if (type.id() == TypeId::kDecimal && wanted.id() == TypeId::kDecimal && type.scale() == wanted.scale() &&
      wanted.precision() >= type.precision()) {
    const bool same_width = type.is_short_decimal() == wanted.is_short_decimal();
    if (same_width || conversion == LeafConversion::kDecimalBytes) return result;
  }
  return std::nullopt;
}

ArrayDataPtr ConvertStored(const LeafType& leaf, StoredValues stored) {
  std::vector<std::shared_ptr<arrow::Buffer>> buffers = {stored.validity};
  switch (leaf.conversion) {
    case LeafConversion::kNone: buffers.push_back(stored.values); break;
    case LeafConversion::kBits: buffers.push_back(PackBits(stored)); break;
    case LeafConversion::kBytes:
      buffers.push_back(stored.offsets);
      buffers.push_back(stored.values);
      break;
    case LeafConversion::kFixedBytes:
      buffers.push_back(EvenOffsets(stored.length, leaf.stored_width));
      buffers.push_back(stored.values);
      break;
    case LeafConversion::kInt8:
      buffers.push_back(MapValues<int32_t, int8_t>(stored, [](int32_t v) { return static_cast<int8_t>(v); }));
      break;
    case LeafConversion::kInt16:
      buffers.push_back(MapValues<int32_t, int16_t>(stored, [](int32_t v) { return static_cast<int16_t>(v); }));
      break;
    case LeafConversion::kWiden:
      buffers.push_back(MapValues<int32_t, int64_t>(stored, [](int32_t v) { return int64_t{v}; }));
      break;
    case LeafConversion::kWidenUnsigned:
      buffers.push_back(MapValues<uint32_t, int64_t>(stored, [](uint32_t v) { return int64_t{v}; }));
      break;
    case LeafConversion::kUnsigned64:
      buffers.push_back(MapValues<uint64_t, Int128>(stored, [](uint64_t v) { return static_cast<Int128>(v); }));
      break;
    case LeafConversion::kMillis:
      // Unsigned: instants beyond what microseconds hold wrap around instead of being undefined.
      buffers.push_back(MapValues<uint64_t, uint64_t>(stored, [](uint64_t v) { return v * kMicrosPerMilli; }));
      break;
    case LeafConversion::kNanos:
      buffers.push_back(MapValues<int64_t, int64_t>(stored, [](int64_t v) { return FloorDivide(v, kNanosPerMicro); }));
      break;
    case LeafConversion::kInt96:
      buffers.push_back(MapValues<Int96, int64_t>(stored, [](const Int96& v) { return ToMicros(v); }));
      break;
    case LeafConversion::kDecimalBytes:
      buffers.push_back(leaf.type.is_short_decimal() ? DecimalsFromBytes<int64_t>(leaf, stored)
                                                     : DecimalsFromBytes<Int128>(leaf, stored));
      break;
    case LeafConversion::kFloat16: buffers.push_back(MapValues<uint16_t, float>(stored, HalfToFloat)); break;
  }
  return arrow::ArrayData::Make(ToArrowType(leaf.type), stored.length, std::move(buffers), stored.null_count);
}

std::optional<Value> DecodeBound(const LeafType& leaf, const std::string& bytes) {
  const auto as_int = [](auto value) -> std::optional<Value> {
    if (!value) return std::nullopt;
    return Value{static_cast<int64_t>(*value)};
  };
  switch (leaf.conversion) {
    case LeafConversion::kNone:
      if (leaf.type.is_fractional()) {
        const auto narrow = FromBytes<float>(bytes);
        const auto wide = FromBytes<double>(bytes);
        if ((!narrow && !wide) || std::isnan(narrow ? *narrow : *wide)) return std::nullopt;
        return Value{narrow ? double{*narrow} : *wide};
      }
      if (leaf.type.id() == TypeId::kDecimal) {
        const auto unscaled = FromBytes<int64_t>(bytes);
        if (!unscaled) return std::nullopt;
        return Value{Int128{*unscaled}};
      }
      return leaf.stored_width == sizeof(int32_t) ? as_int(FromBytes<int32_t>(bytes))
                                                  : as_int(FromBytes<int64_t>(bytes));
    case LeafConversion::kBits:
      if (bytes.size() != 1) return std::nullopt;
      return Value{bytes[0] != 0};
    case LeafConversion::kBytes:
    case LeafConversion::kFixedBytes: return Value{bytes};
    case LeafConversion::kInt8:
    case LeafConversion::kInt16: return as_int(FromBytes<int32_t>(bytes));
    case LeafConversion::kWiden: {
      const auto unscaled = FromBytes<int32_t>(bytes);
      if (!unscaled) return std::nullopt;
      return Value{Int128{*unscaled}};
    }
    case LeafConversion::kWidenUnsigned: return as_int(FromBytes<uint32_t>(bytes));
    case LeafConversion::kUnsigned64: {
      const auto value = FromBytes<uint64_t>(bytes);
      if (!value) return std::nullopt;
      return Value{static_cast<Int128>(*value)};
    }
    case LeafConversion::kMillis: {
      const auto value = FromBytes<int64_t>(bytes);
      int64_t micros = 0;
      if (!value || __builtin_mul_overflow(*value, kMicrosPerMilli, &micros)) return std::nullopt;
      return Value{micros};
    }
    case LeafConversion::kNanos: {
      const auto value = FromBytes<int64_t>(bytes);
      if (!value) return std::nullopt;
      return Value{FloorDivide(*value, kNanosPerMicro)};
    }
    case LeafConversion::kDecimalBytes:
      if (bytes.empty() || bytes.size() > kMaxDecimalBytes) return std::nullopt;
      return Value{BigEndian(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size())};
    case LeafConversion::kInt96:
    case LeafConversion::kFloat16: return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace quell::storage
