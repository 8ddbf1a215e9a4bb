#include "data/column.h"

#include <arrow/array.h>
#include <arrow/compute/api.h>
#include <arrow/util/align_util.h>

#include <limits>

#include "base/arrow_result.h"
#include "base/check.h"
#include "base/error_classes.h"
#include "base/memory_pool.h"
#include "data/buffers.h"
#include "data/visit_type.h"

namespace quell {

namespace {

constexpr ErrorClass kUnsupportedDatatype{"UNSUPPORTED_DATATYPE", "0A000"};

int64_t BytesOf(const arrow::ArrayData& data) {
  int64_t bytes = 0;
  for (const auto& buffer : data.buffers) {
    if (buffer) bytes += buffer->capacity();
  }
  for (const auto& child : data.child_data) bytes += BytesOf(*child);
  if (data.dictionary) bytes += BytesOf(*data.dictionary);
  return bytes;
}

BufferPtr ValidityOf(const std::vector<Value>& values) {
  const auto num_rows = static_cast<int64_t>(values.size());
  BufferPtr bits;
  for (int64_t row = 0; row < num_rows; ++row) {
    if (!values[row].is_null()) continue;
    if (!bits) bits = AllocateBits(num_rows, true);
    ClearBit(bits->mutable_data(), row);
  }
  return bits;
}

template <typename T>
T NativeOf(const Value& value) {
  return std::visit(
      [](const auto& v) -> T {
        if constexpr (std::is_arithmetic_v<std::decay_t<decltype(v)>> ||
                      std::is_same_v<std::decay_t<decltype(v)>, Int128>) {
          return static_cast<T>(v);
        } else {
          QUELL_CHECK(false && "a value of another type");
        }
      },
      value.data);
}

ArrayDataPtr NestedFromValues(const Type& type, const std::vector<Value>& values) {
  const auto num_rows = static_cast<int64_t>(values.size());
  const auto& children = type.children();
  std::vector<std::vector<Value>> child_values(children.size());
  BufferPtr offsets_buffer;
  if (type.id() != TypeId::kStruct) {
    offsets_buffer = AllocateBytes((num_rows + 1) * static_cast<int64_t>(sizeof(int32_t)));
    auto* offsets = reinterpret_cast<int32_t*>(offsets_buffer->mutable_data());
    offsets[0] = 0;
    for (int64_t row = 0; row < num_rows; ++row) {
      if (!values[row].is_null()) {
        const auto& items = std::get<std::vector<Value>>(values[row].data);
        for (size_t i = 0; i < items.size(); ++i) child_values[i % children.size()].push_back(items[i]);
      }
      offsets[row + 1] = static_cast<int32_t>(child_values[0].size());
    }
  } else {
    for (const Value& value : values) {
      for (size_t i = 0; i < children.size(); ++i) {
        child_values[i].push_back(value.is_null() ? Value{} : std::get<std::vector<Value>>(value.data)[i]);
      }
    }
  }
  std::vector<ArrayDataPtr> child_data;
  for (size_t i = 0; i < children.size(); ++i) {
    child_data.push_back(MakeColumn(children[i].type, child_values[i]).data);
  }
  const auto arrow_type = ToArrowType(type);
  std::vector<std::shared_ptr<arrow::Buffer>> buffers{ValidityOf(values)};
  if (offsets_buffer) buffers.push_back(offsets_buffer);
  if (type.id() == TypeId::kMap) {
    auto entries =
        arrow::ArrayData::Make(arrow_type->field(0)->type(), child_data[0]->length, {nullptr}, child_data, 0);
    child_data = {entries};
  }
  return arrow::ArrayData::Make(arrow_type, num_rows, std::move(buffers), std::move(child_data));
}

Value NestedAt(const arrow::ArrayData& data, const Type& type, int64_t row) {
  const auto child_at = [](const ArrayDataPtr& child, const Type& child_type, int64_t child_row) {
    return ValueAt(Column{child_type, Encoding::kFlat, child}, child_row);
  };
  std::vector<Value> items;
  const auto& children = type.children();
  if (type.id() == TypeId::kStruct) {
    for (size_t i = 0; i < children.size(); ++i) {
      items.push_back(child_at(data.child_data[i], children[i].type, data.offset + row));
    }
    return Value{std::move(items)};
  }
  const int32_t* offsets = data.GetValues<int32_t>(1) + row;
  for (int32_t i = offsets[0]; i < offsets[1]; ++i) {
    if (type.id() == TypeId::kArray) {
      items.push_back(child_at(data.child_data[0], children[0].type, i));
      continue;
    }
    const arrow::ArrayData& entries = *data.child_data[0];
    items.push_back(child_at(entries.child_data[0], children[0].type, entries.offset + i));
    items.push_back(child_at(entries.child_data[1], children[1].type, entries.offset + i));
  }
  return Value{std::move(items)};
}

}  // namespace

int64_t Column::memory_bytes() const { return BytesOf(*data); }

int64_t Batch::memory_bytes() const {
  int64_t bytes = 0;
  for (const Column& column : columns) bytes += column.memory_bytes();
  if (selection) bytes += static_cast<int64_t>(selection->capacity() * sizeof(int32_t));
  return bytes;
}

Column MakeColumn(const Type& type, const std::vector<Value>& values) {
  const auto num_rows = static_cast<int64_t>(values.size());
  if (type.id() == TypeId::kNull) {
    return Column{type, Encoding::kFlat, arrow::ArrayData::Make(arrow::null(), num_rows, {nullptr}, num_rows)};
  }
  if (type.is_nested()) return Column{type, Encoding::kFlat, NestedFromValues(type, values)};
  if (type.id() == TypeId::kString || type.id() == TypeId::kBinary) {
    StringWriter writer(num_rows);
    for (const Value& value : values) {
      writer.Append(value.is_null() ? std::string_view() : std::string_view(std::get<std::string>(value.data)));
    }
    return writer.Finish(type, ValidityOf(values));
  }
  return VisitFixedWidth(
      type,
      [&](auto tag) {
        using T = typename decltype(tag)::Native;
        BufferPtr buffer;
        if constexpr (std::is_same_v<T, bool>) {
          buffer = AllocateBits(num_rows, false);
          for (int64_t row = 0; row < num_rows; ++row) {
            if (!values[row].is_null() && std::get<bool>(values[row].data)) SetBit(buffer->mutable_data(), row);
          }
        } else {
          buffer = AllocateBytes(num_rows * static_cast<int64_t>(sizeof(T)));
          auto* to = reinterpret_cast<T*>(buffer->mutable_data());
          for (int64_t row = 0; row < num_rows; ++row) to[row] = values[row].is_null() ? T{} : NativeOf<T>(values[row]);
        }
        return MakeFlat(type, num_rows, std::move(buffer), ValidityOf(values));
      },
      [&]() -> Column { QUELL_CHECK(false); });
}

Column MakeConstant(const Type& type, const Value& value) {
  Column column = MakeColumn(type, {value});
  column.encoding = Encoding::kConstant;
  return column;
}

Value ValueAt(const Column& column, int64_t row) {
  const arrow::ArrayData& data = *column.data;
  if (column.encoding == Encoding::kConstant) row = 0;
  if (data.type->id() == arrow::Type::NA) return Value{};
  const uint8_t* validity = column.validity();
  if (validity && !GetBit(validity, data.offset + row)) return Value{};
  if (column.encoding == Encoding::kDictionary) {
    return ValueAt(DictionaryValues(column), column.values<int32_t>()[row]);
  }
  if (column.type.is_nested()) return NestedAt(data, column.type, row);
  return VisitType(
      column.type,
      [&](auto tag) {
        using T = typename decltype(tag)::Native;
        if constexpr (std::is_same_v<T, bool>) {
          return Value{GetBit(data.buffers[1]->data(), data.offset + row)};
        } else if constexpr (std::is_same_v<T, std::string_view>) {
          return Value{std::string(StringReader(column)[row])};
        } else if constexpr (tag.id == TypeId::kDecimal) {
          return Value{static_cast<Int128>(column.values<T>()[row])};
        } else if constexpr (std::is_floating_point_v<T>) {
          return Value{static_cast<double>(column.values<T>()[row])};
        } else {
          return Value{static_cast<int64_t>(column.values<T>()[row])};
        }
      },
      [] { return Value{}; });
}

Column Slice(const Column& column, int64_t begin, int64_t num_rows) {
  if (column.encoding == Encoding::kConstant) return column;
  // Made here and not by Arrow, so that our code counts who still has the memory, where ThreadSanitizer sees it.
  auto slice = std::make_shared<arrow::ArrayData>(*column.data);
  slice->offset += begin;
  slice->length = num_rows;
  if (column.may_have_nulls()) {
    slice->SetNullCount(column.type.id() == TypeId::kNull ? num_rows : arrow::kUnknownNullCount);
  }
  slice->statistics = nullptr;
  return Column{column.type, column.encoding, std::move(slice)};
}

Column FromArrow(const ArrayDataPtr& from, const Type& type) {
  // Other writers begin their buffers anywhere; kernels load wide decimals from multiples of 16 bytes.
  const ArrayDataPtr data = Unwrap(arrow::util::EnsureAlignment(from, alignof(Int128), EnginePool()),
                                   error_class::kOutOfMemory, "align a column");
  if (data->type->id() == arrow::Type::DICTIONARY) {
    const auto& dictionary_type = static_cast<const arrow::DictionaryType&>(*data->type);
    const bool fits = dictionary_type.index_type()->id() == arrow::Type::INT32 && data->dictionary->null_count == 0 &&
                      dictionary_type.value_type()->Equals(*ToArrowType(type));
    if (fits) return Column{type, Encoding::kDictionary, data};
  }
  const auto wanted = ToArrowType(type);
  if (data->type->Equals(*wanted)) return Column{type, Encoding::kFlat, data};
  if (data->type->id() == arrow::Type::INTERVAL_MONTHS) {
    // The same int32 values under another name, which Arrow has no cast for.
    ArrayDataPtr months = data->Copy();
    months->type = wanted;
    return Column{type, Encoding::kFlat, std::move(months)};
  }
  arrow::compute::CastOptions options = arrow::compute::CastOptions::Safe(wanted);
  options.allow_time_truncate = true;
  arrow::compute::ExecContext context(EnginePool());
  const auto cast = Unwrap(arrow::compute::Cast(*arrow::MakeArray(data), wanted, options, &context),
                           kUnsupportedDatatype, "convert values of the type " + data->type->ToString());
  return Column{type, Encoding::kFlat, cast->data()};
}

}  // namespace quell
