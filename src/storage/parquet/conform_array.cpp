#include <arrow/array.h>
#include <arrow/array/concatenate.h>
#include <arrow/array/util.h>
#include <arrow/compute/cast.h>
#include <arrow/compute/initialize.h>

#include "base/arrow_result.h"
#include "base/error_classes.h"
#include "base/memory_pool.h"
#include "storage/parquet/arrow_reader.h"

namespace quell::storage {

namespace {

// A nested array whose own offset is 0, so that its children can be exchanged one by one.
ArrayDataPtr WithoutOffset(const ArrayDataPtr& from, const std::string& place) {
  if (from->offset == 0) return from;
  // Concatenation of one array gives it back as it is; an empty one beside it makes it copy.
  auto array = arrow::MakeArray(from);
  auto joined = arrow::Concatenate({array, array->Slice(0, 0)}, EnginePool());
  return Unwrap(std::move(joined), error_class::kFailedReadFile, place)->data();
}

ArrayDataPtr ConformStruct(const ArrayDataPtr& from, const Type& type, const std::string& place) {
  const ArrayDataPtr aligned = WithoutOffset(from, place);
  const auto& struct_type = static_cast<const arrow::StructType&>(*aligned->type);
  arrow::ArrayDataVector children;
  for (const Field& member : type.children()) {
    ArrayDataPtr child;
    for (int i = 0; i < struct_type.num_fields() && !child; ++i) {
      if (SameName(struct_type.field(i)->name(), member.name)) {
        const ArrayDataPtr& whole = aligned->child_data[i];
        const ArrayDataPtr rows = whole->length == aligned->length ? whole : whole->Slice(0, aligned->length);
        child = ConformArray(rows, member.type, place);
      }
    }
    if (!child) {
      auto nulls = arrow::MakeArrayOfNull(ToArrowType(member.type), aligned->length);
      child = Unwrap(std::move(nulls), error_class::kOutOfMemory, place)->data();
    }
    children.push_back(std::move(child));
  }
  return arrow::ArrayData::Make(ToArrowType(type), aligned->length, {aligned->buffers[0]}, std::move(children),
                                aligned->null_count);
}

ArrayDataPtr ConformList(const ArrayDataPtr& from, const Type& type, const std::string& place) {
  ArrayDataPtr list = from;
  const arrow::Type::type id = from->type->id();
  if (id == arrow::Type::LARGE_LIST || id == arrow::Type::FIXED_SIZE_LIST) {
    const auto& list_type = static_cast<const arrow::BaseListType&>(*from->type);
    arrow::compute::ExecContext context(EnginePool());
    auto cast = arrow::compute::Cast(*arrow::MakeArray(from), arrow::list(list_type.value_field()),
                                     arrow::compute::CastOptions::Safe(), &context);
    list = Unwrap(std::move(cast), error_class::kFailedReadFile, place)->data();
  }
  ArrayDataPtr result = list->Copy();
  result->type = ToArrowType(type);
  result->child_data = {ConformArray(list->child_data[0], type.children()[0].type, place)};
  return result;
}

ArrayDataPtr ConformMap(const ArrayDataPtr& from, const Type& type, const std::string& place) {
  ArrayDataPtr result = from->Copy();
  result->type = ToArrowType(type);
  const ArrayDataPtr entries = WithoutOffset(from->child_data[0], place);
  ArrayDataPtr conformed = entries->Copy();
  conformed->type = result->type->field(0)->type();
  for (int i = 0; i < 2; ++i) {
    conformed->child_data[i] = ConformArray(entries->child_data[i], type.children()[i].type, place);
  }
  result->child_data = {conformed};
  return result;
}

}  // namespace

ArrayDataPtr ConformArray(const ArrayDataPtr& from, const Type& type, const std::string& place) {
  const std::shared_ptr<arrow::DataType> wanted = ToArrowType(type);
  if (from->type->Equals(*wanted)) return from;
  switch (type.id()) {
    case TypeId::kStruct:
      if (from->type->id() == arrow::Type::STRUCT) return ConformStruct(from, type, place);
      break;
    case TypeId::kArray:
      if (arrow::is_list_like(from->type->id()) && from->type->id() != arrow::Type::MAP)
        return ConformList(from, type, place);
      break;
    case TypeId::kMap:
      if (from->type->id() == arrow::Type::MAP) return ConformMap(from, type, place);
      break;
    default: {
      static const arrow::Status initialized = arrow::compute::Initialize();
      Unwrap(initialized, error_class::kInternalError, "start Arrow's casts");
      arrow::compute::CastOptions options;
      options.allow_time_truncate = true;
      options.allow_invalid_utf8 = true;
      arrow::compute::ExecContext context(EnginePool());
      auto cast = arrow::compute::Cast(*arrow::MakeArray(from), wanted, options, &context);
      return Unwrap(std::move(cast), error_class::kFailedReadFile, place)->data();
    }
  }
  throw Error(error_class::kFailedReadFile, "{}: the file has {}, the table {}; give the table the type of the file",
              place, from->type->ToString(), type.ToSql());
}

}  // namespace quell::storage
