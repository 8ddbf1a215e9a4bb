#include "storage/parquet/not_null.h"

#include "base/error.h"
#include "data/buffers.h"

namespace quell::storage {
namespace {

constexpr ErrorClass kNotNullViolated{"DELTA_NOT_NULL_CONSTRAINT_VIOLATED", "23502"};

// Rows of an array that exist: all of them, or those whose bit is 1 in a bitmap that begins with the array.
using Presence = BufferPtr;

const uint8_t* BitsOf(const Presence& presence) { return presence ? presence->data() : nullptr; }

bool HasNull(const arrow::ArrayData& array, const Presence& presence) {
  if (array.type->id() == arrow::Type::NA) return array.length > 0 && !presence;
  if (array.GetNullCount() == 0) return false;
  const uint8_t* valid = array.buffers[0]->data();
  for (int64_t i = 0; i < array.length; ++i) {
    if (!GetBit(valid, array.offset + i) && (!presence || GetBit(presence->data(), i))) return true;
  }
  return false;
}

Presence PresenceInside(const arrow::ArrayData& array, const Presence& around) {
  if (array.GetNullCount() == 0) return around;
  const uint8_t* valid = array.buffers[0] ? array.buffers[0]->data() : nullptr;
  return AndBits(valid, array.offset, BitsOf(around), 0, array.length);
}

ArrayDataPtr Conform(const ArrayDataPtr& array, const Field& field, const std::string& path, const Presence& presence);

ArrayDataPtr ConformStruct(const ArrayDataPtr& array, const Type& type, const std::string& path,
                           const Presence& presence) {
  const Presence inside = PresenceInside(*array, presence);
  arrow::ArrayDataVector children;
  for (size_t i = 0; i < type.children().size(); ++i) {
    const Field& member = type.children()[i];
    const ArrayDataPtr rows = array->child_data[i]->Slice(array->offset, array->length);
    children.push_back(Conform(rows, member, path + "." + member.name, inside));
  }
  BufferPtr validity;
  if (array->GetNullCount() > 0) validity = CopyBits(array->buffers[0]->data(), array->offset, array->length);
  return arrow::ArrayData::Make(ToArrowType(type), array->length, {validity}, std::move(children),
                                array->GetNullCount());
}

// The elements that a list or a map refers to. Those of a NULL row count, too: the engine makes none.
ArrayDataPtr ConformElements(const ArrayDataPtr& array, const Type& type, const std::string& path) {
  ArrayDataPtr result = array->Copy();
  result->type = ToArrowType(type);
  const ArrayDataPtr& elements = array->child_data[0];
  if (type.id() == TypeId::kArray) {
    result->child_data = {Conform(elements, type.children()[0], path + ".element", nullptr)};
    return result;
  }
  const Field entries{"entries", Type::Struct({type.children()[0], type.children()[1]}), false};
  ArrayDataPtr conformed = ConformStruct(elements, entries.type, path, nullptr);
  conformed->type = result->type->field(0)->type();
  result->child_data = {std::move(conformed)};
  return result;
}

ArrayDataPtr Conform(const ArrayDataPtr& array, const Field& field, const std::string& path, const Presence& presence) {
  if (!field.nullable && HasNull(*array, presence)) ThrowForbiddenNull(path);
  ArrayDataPtr result = array;
  if (field.type.id() == TypeId::kStruct) result = ConformStruct(array, field.type, path, presence);
  if (field.type.id() == TypeId::kArray || field.type.id() == TypeId::kMap) {
    result = ConformElements(array, field.type, path);
  }
  if (field.nullable || result->GetNullCount() == 0) return result;
  result = result->Copy();
  result->buffers[0] = nullptr;
  result->null_count = 0;
  return result;
}

}  // namespace

void ThrowForbiddenNull(const std::string& column) {
  throw Error(kNotNullViolated,
              "column '{}' is not nullable, but a row has NULL in it; filter such rows out, or drop the constraint",
              column);
}

ArrayDataPtr WithoutForbiddenNulls(const ArrayDataPtr& rows, const Field& field) {
  return Conform(rows, field, field.name, nullptr);
}

}  // namespace quell::storage
