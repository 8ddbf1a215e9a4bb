// Copies of chosen rows: Flatten, Take, Compact, Concatenate.
#include <arrow/array.h>
#include <arrow/array/concatenate.h>
#include <arrow/compute/api.h>

#include <algorithm>
#include <unordered_map>

#include "base/arrow_result.h"
#include "base/check.h"
#include "base/error_classes.h"
#include "base/memory_pool.h"
#include "data/buffers.h"
#include "data/column.h"
#include "data/visit_type.h"

namespace quell {

namespace {

// Rows to gather: `rows[i]`, where -1 is NULL when `may_be_null`.
struct GatherRows {
  const int32_t* rows;
  int64_t count;
  bool may_be_null;
};

BufferPtr GatherValidity(const Column& column, const GatherRows& take) {
  const uint8_t* bits = column.validity();
  if (!bits && !take.may_be_null) return nullptr;
  BufferPtr buffer = AllocateBits(take.count, false);
  uint8_t* to = buffer->mutable_data();
  const int64_t offset = column.data->offset;
  for (int64_t i = 0; i < take.count; ++i) {
    const int32_t row = take.rows[i];
    if (row >= 0 && (!bits || GetBit(bits, offset + row))) SetBit(to, i);
  }
  return buffer;
}

template <typename T>
BufferPtr GatherValues(const T* from, const GatherRows& take) {
  BufferPtr buffer = AllocateBytes(take.count * static_cast<int64_t>(sizeof(T)));
  auto* to = reinterpret_cast<T*>(buffer->mutable_data());
  if (take.may_be_null) {
    for (int64_t i = 0; i < take.count; ++i) to[i] = take.rows[i] < 0 ? T{} : from[take.rows[i]];
  } else {
    for (int64_t i = 0; i < take.count; ++i) to[i] = from[take.rows[i]];
  }
  return buffer;
}

BufferPtr GatherBits(const Column& column, const GatherRows& take) {
  const uint8_t* from = column.data->buffers[1]->data();
  const int64_t offset = column.data->offset;
  BufferPtr buffer = AllocateBits(take.count, false);
  for (int64_t i = 0; i < take.count; ++i) {
    if (take.rows[i] >= 0 && GetBit(from, offset + take.rows[i])) SetBit(buffer->mutable_data(), i);
  }
  return buffer;
}

Column GatherStrings(const Column& column, const GatherRows& take) {
  const StringReader from(column);
  int64_t bytes = 0;
  for (int64_t i = 0; i < take.count; ++i) {
    if (take.rows[i] >= 0) bytes += static_cast<int64_t>(from[take.rows[i]].size());
  }
  StringWriter writer(take.count, bytes);
  for (int64_t i = 0; i < take.count; ++i) {
    writer.Append(take.rows[i] < 0 ? std::string_view() : from[take.rows[i]]);
  }
  return writer.Finish(column.type, GatherValidity(column, take));
}

Column GatherNested(const Column& column, const GatherRows& take) {
  BufferPtr validity;
  if (take.may_be_null) {
    validity = AllocateBits(take.count, false);
    for (int64_t i = 0; i < take.count; ++i) {
      if (take.rows[i] >= 0) SetBit(validity->mutable_data(), i);
    }
  }
  const auto indices = arrow::ArrayData::Make(
      arrow::int32(), take.count, {validity, arrow::Buffer::Wrap(take.rows, static_cast<size_t>(take.count))});
  arrow::compute::ExecContext context(EnginePool());
  const auto taken = Unwrap(arrow::compute::Take(*arrow::MakeArray(column.data), *arrow::MakeArray(indices),
                                                 arrow::compute::TakeOptions::NoBoundsCheck(), &context),
                            error_class::kInternalError, "take rows");
  return Column{column.type, Encoding::kFlat, taken->data()};
}

Column Gather(const Column& column, const GatherRows& take) {
  if (column.encoding == Encoding::kDictionary) {
    return MakeDictionary(column.type, take.count, GatherValues(column.values<int32_t>(), take),
                          GatherValidity(column, take), column.data->dictionary);
  }
  if (column.type.id() == TypeId::kNull) return MakeColumn(Type(), std::vector<Value>(static_cast<size_t>(take.count)));
  if (column.type.is_nested()) return GatherNested(column, take);
  if (column.type.id() == TypeId::kString || column.type.id() == TypeId::kBinary) return GatherStrings(column, take);
  return VisitFixedWidth(
      column.type,
      [&](auto tag) {
        using T = typename decltype(tag)::Native;
        BufferPtr values;
        if constexpr (std::is_same_v<T, bool>) {
          values = GatherBits(column, take);
        } else {
          values = GatherValues(column.values<T>(), take);
        }
        return MakeFlat(column.type, take.count, std::move(values), GatherValidity(column, take));
      },
      [&]() -> Column { QUELL_CHECK(false); });
}

// Codes of all columns in one dictionary without repeats.
Column UnifyStrings(const std::vector<Column>& columns, int64_t num_rows) {
  std::unordered_map<std::string_view, int32_t> codes_by_value;
  std::vector<std::string_view> values;
  BufferPtr codes_buffer = AllocateBytes(num_rows * static_cast<int64_t>(sizeof(int32_t)));
  auto* codes = reinterpret_cast<int32_t*>(codes_buffer->mutable_data());
  BufferPtr validity = AllocateBits(num_rows, true);
  int64_t at = 0;
  for (const Column& column : columns) {
    const Column dictionary = DictionaryValues(column);
    const StringReader reader(dictionary);
    std::vector<int32_t> mapping(static_cast<size_t>(dictionary.length()));
    for (size_t i = 0; i < mapping.size(); ++i) {
      const std::string_view value = reader[static_cast<int64_t>(i)];
      const auto [entry, inserted] = codes_by_value.emplace(value, static_cast<int32_t>(values.size()));
      if (inserted) values.push_back(value);
      mapping[i] = entry->second;
    }
    const int32_t* from = column.values<int32_t>();
    const uint8_t* bits = column.validity();
    for (int64_t row = 0; row < column.length(); ++row, ++at) {
      const bool valid = !bits || GetBit(bits, column.data->offset + row);
      codes[at] = valid ? mapping[static_cast<size_t>(from[row])] : 0;
      if (!valid) ClearBit(validity->mutable_data(), at);
    }
  }
  StringWriter writer(static_cast<int64_t>(values.size()));
  for (const std::string_view value : values) writer.Append(value);
  return MakeDictionary(columns[0].type, num_rows, std::move(codes_buffer), std::move(validity),
                        writer.Finish(columns[0].type).data);
}

Column ConcatenateColumns(const std::vector<Column>& columns, const std::vector<int64_t>& lengths, const Type& type) {
  int64_t num_rows = 0;
  for (const int64_t length : lengths) num_rows += length;
  const auto all = [&](auto&& predicate) { return std::all_of(columns.begin(), columns.end(), predicate); };
  const bool dictionaries = all([](const Column& c) { return c.encoding == Encoding::kDictionary; });
  const bool shared =
      dictionaries && all([&](const Column& c) { return c.data->dictionary == columns[0].data->dictionary; });
  const bool is_string = type.id() == TypeId::kString || type.id() == TypeId::kBinary;
  if (dictionaries && !shared && is_string) return UnifyStrings(columns, num_rows);
  arrow::ArrayVector arrays;
  for (size_t i = 0; i < columns.size(); ++i) {
    arrays.push_back(arrow::MakeArray(shared ? columns[i].data : Flatten(columns[i], lengths[i]).data));
  }
  const auto joined =
      Unwrap(arrow::Concatenate(arrays, EnginePool()), error_class::kOutOfMemory, "concatenate batches");
  Column result{type, shared ? Encoding::kDictionary : Encoding::kFlat, joined->data()};
  return result;
}

}  // namespace

Column Flatten(const Column& column, int64_t num_rows) {
  if (column.encoding == Encoding::kFlat) return column;
  if (column.encoding == Encoding::kConstant) {
    const Column one{column.type, Encoding::kFlat, column.data};
    if (num_rows == 1) return one;
    const std::vector<int32_t> zeros(static_cast<size_t>(num_rows), 0);
    return Gather(one, {zeros.data(), num_rows, false});
  }
  const Column values = DictionaryValues(column);
  const int32_t* codes = column.values<int32_t>();
  const uint8_t* validity = column.validity();
  if (!validity) return Gather(values, {codes, column.length(), false});
  // The code of a NULL row may be anything.
  std::vector<int32_t> rows(codes, codes + column.length());
  for (int64_t row = 0; row < column.length(); ++row) {
    if (!GetBit(validity, column.data->offset + row)) rows[static_cast<size_t>(row)] = -1;
  }
  return Gather(values, {rows.data(), column.length(), true});
}

Column Take(const Column& column, const std::vector<int32_t>& rows) {
  const auto count = static_cast<int64_t>(rows.size());
  const bool may_be_null = std::any_of(rows.begin(), rows.end(), [](int32_t row) { return row < 0; });
  if (column.encoding != Encoding::kConstant) return Gather(column, {rows.data(), count, may_be_null});
  if (!may_be_null) return column;
  std::vector<int32_t> zero_or_null(rows);
  for (int32_t& row : zero_or_null) row = row < 0 ? -1 : 0;
  return Gather(Column{column.type, Encoding::kFlat, column.data}, {zero_or_null.data(), count, true});
}

Batch Compact(const Batch& batch) {
  if (!batch.selection) return batch;
  Batch compact;
  compact.num_rows = batch.num_selected();
  const GatherRows take{batch.selection->data(), compact.num_rows, false};
  for (const Column& column : batch.columns) {
    compact.columns.push_back(column.encoding == Encoding::kConstant ? column : Gather(column, take));
  }
  return compact;
}

Batch Concatenate(const std::vector<Batch>& batches, const Schema& schema) {
  if (batches.size() == 1) return Compact(batches[0]);
  std::vector<Batch> compact;
  for (const Batch& batch : batches) {
    if (batch.num_selected() > 0) compact.push_back(Compact(batch));
  }
  Batch result;
  std::vector<int64_t> lengths;
  for (const Batch& batch : compact) {
    lengths.push_back(batch.num_rows);
    result.num_rows += batch.num_rows;
  }
  for (int i = 0; i < schema.num_fields(); ++i) {
    const Type& type = schema.field(i).type;
    std::vector<Column> columns;
    for (const Batch& batch : compact) columns.push_back(batch.columns[static_cast<size_t>(i)]);
    result.columns.push_back(columns.empty() ? MakeColumn(type, {}) : ConcatenateColumns(columns, lengths, type));
  }
  return result;
}

}  // namespace quell
