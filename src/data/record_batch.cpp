#include "data/record_batch.h"

#include <arrow/array/util.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include "data/buffers.h"

namespace quell {
namespace {

// Intervals are plain integers inside; they go out as Arrow's own types.
std::shared_ptr<arrow::DataType> ExchangeType(const Type& type) {
  switch (type.id()) {
    case TypeId::kDecimal: return arrow::decimal128(type.precision(), type.scale());
    case TypeId::kYearMonthInterval: return arrow::month_interval();
    case TypeId::kDayTimeInterval: return arrow::duration(arrow::TimeUnit::MICRO);
    case TypeId::kArray:
      return arrow::list(arrow::field("element", ExchangeType(type.children()[0].type), type.children()[0].nullable));
    case TypeId::kMap:
      return arrow::map(ExchangeType(type.children()[0].type),
                        arrow::field("value", ExchangeType(type.children()[1].type), type.children()[1].nullable));
    case TypeId::kStruct: {
      arrow::FieldVector fields;
      for (const Field& field : type.children())
        fields.push_back(arrow::field(field.name, ExchangeType(field.type), field.nullable));
      return arrow::struct_(std::move(fields));
    }
    default: return ToArrowType(type);
  }
}

ArrayDataPtr WidenDecimal(const arrow::ArrayData& data, const std::shared_ptr<arrow::DataType>& to) {
  const int64_t* narrow = data.GetValues<int64_t>(1);
  BufferPtr values = AllocateBytes(data.length * static_cast<int64_t>(sizeof(Int128)));
  auto* wide = reinterpret_cast<Int128*>(values->mutable_data());
  for (int64_t i = 0; i < data.length; ++i) wide[i] = narrow[i];
  BufferPtr validity = data.buffers[0] ? CopyBits(data.buffers[0]->data(), data.offset, data.length) : nullptr;
  return arrow::ArrayData::Make(to, data.length, {std::move(validity), std::move(values)}, data.null_count.load());
}

// The same values under the exchange type; children of nested types, too.
ArrayDataPtr Exchanged(const ArrayDataPtr& data, const Type& type) {
  const std::shared_ptr<arrow::DataType> to = ExchangeType(type);
  if (type.is_short_decimal()) return WidenDecimal(*data, to);
  ArrayDataPtr copy = data->Copy();
  copy->type = to;
  if (type.id() == TypeId::kMap) {
    ArrayDataPtr entries = copy->child_data[0]->Copy();
    for (int i = 0; i < 2; ++i) entries->child_data[i] = Exchanged(entries->child_data[i], type.children()[i].type);
    entries->type = static_cast<const arrow::MapType&>(*to).value_type();
    copy->child_data[0] = entries;
  } else {
    for (size_t i = 0; i < copy->child_data.size(); ++i) {
      copy->child_data[i] = Exchanged(copy->child_data[i], type.children()[i].type);
    }
  }
  return copy;
}

}  // namespace

std::shared_ptr<arrow::Schema> ToExchangeSchema(const Schema& schema) {
  arrow::FieldVector fields;
  for (const Field& field : schema.fields())
    fields.push_back(arrow::field(field.name, ExchangeType(field.type), field.nullable));
  return arrow::schema(std::move(fields));
}

std::shared_ptr<arrow::RecordBatch> ToRecordBatch(const Batch& batch, const Schema& schema) {
  const Batch dense = batch.selection ? Compact(batch) : batch;
  std::vector<ArrayDataPtr> columns;
  for (size_t i = 0; i < dense.columns.size(); ++i) {
    const Column flat = Flatten(dense.columns[i], dense.num_rows);
    columns.push_back(Exchanged(flat.data, schema.field(static_cast<int>(i)).type));
  }
  return arrow::RecordBatch::Make(ToExchangeSchema(schema), dense.num_rows, std::move(columns));
}

}  // namespace quell
