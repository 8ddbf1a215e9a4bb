#include "delta/checkpoint/array_access.h"

#include <arrow/type.h>

#include "delta/error_classes.h"

namespace quell::delta {

namespace {

using ArrayPtr = std::shared_ptr<arrow::Array>;

[[noreturn]] void ThrowUnexpected(const arrow::Array& array) {
  throw Error(error_class::kMalformedLog, "a column of the checkpoint has the unexpected type {}; it is damaged",
              array.type()->ToString());
}

// The array as `ArrayType`, or nullptr for an absent one.
template <typename ArrayType>
std::shared_ptr<ArrayType> CastTo(const ArrayPtr& array, arrow::Type::type id) {
  if (!array) return nullptr;
  if (array->type_id() != id) ThrowUnexpected(*array);
  return std::static_pointer_cast<ArrayType>(array);
}

}  // namespace

StringColumn::StringColumn(ArrayPtr array) : array_(std::move(array)) {
  if (!array_) return;
  const auto id = array_->type_id();
  const bool is_text = id == arrow::Type::STRING || id == arrow::Type::BINARY || id == arrow::Type::LARGE_STRING ||
                       id == arrow::Type::LARGE_BINARY;
  if (!is_text) ThrowUnexpected(*array_);
}

std::optional<std::string> StringColumn::At(int64_t row) const {
  if (!array_ || array_->IsNull(row)) return std::nullopt;
  const auto id = array_->type_id();
  if (id == arrow::Type::LARGE_STRING || id == arrow::Type::LARGE_BINARY) {
    return std::string(static_cast<const arrow::LargeBinaryArray&>(*array_).GetView(row));
  }
  return std::string(static_cast<const arrow::BinaryArray&>(*array_).GetView(row));
}

IntegerColumn::IntegerColumn(ArrayPtr array) : array_(std::move(array)) {
  if (array_ && array_->type_id() != arrow::Type::INT64 && array_->type_id() != arrow::Type::INT32) {
    ThrowUnexpected(*array_);
  }
}

std::optional<int64_t> IntegerColumn::At(int64_t row) const {
  if (!array_ || array_->IsNull(row)) return std::nullopt;
  if (array_->type_id() == arrow::Type::INT32) return static_cast<const arrow::Int32Array&>(*array_).Value(row);
  return static_cast<const arrow::Int64Array&>(*array_).Value(row);
}

BooleanColumn::BooleanColumn(ArrayPtr array) : array_(std::move(array)) {
  if (array_ && array_->type_id() != arrow::Type::BOOL) ThrowUnexpected(*array_);
}

std::optional<bool> BooleanColumn::At(int64_t row) const {
  if (!array_ || array_->IsNull(row)) return std::nullopt;
  return static_cast<const arrow::BooleanArray&>(*array_).Value(row);
}

StringMapColumn::StringMapColumn(ArrayPtr array)
    : array_(CastTo<arrow::MapArray>(array, arrow::Type::MAP)),
      keys_(array_ ? array_->keys() : nullptr),
      values_(array_ ? array_->items() : nullptr) {}

std::optional<StringMapColumn::Entries> StringMapColumn::At(int64_t row) const {
  if (!array_ || array_->IsNull(row)) return std::nullopt;
  Entries entries;
  const int64_t end = array_->value_offset(row) + array_->value_length(row);
  for (int64_t i = array_->value_offset(row); i < end; ++i) {
    entries.emplace_back(keys_.At(i).value_or(""), values_.At(i));
  }
  return entries;
}

std::optional<std::map<std::string, std::string>> StringMapColumn::MapAt(int64_t row) const {
  auto entries = At(row);
  if (!entries) return std::nullopt;
  std::map<std::string, std::string> map;
  for (auto& [key, value] : *entries) {
    if (value) map.emplace(std::move(key), std::move(*value));
  }
  return map;
}

StringListColumn::StringListColumn(ArrayPtr array)
    : array_(CastTo<arrow::ListArray>(array, arrow::Type::LIST)), values_(array_ ? array_->values() : nullptr) {}

std::vector<std::string> StringListColumn::At(int64_t row) const {
  std::vector<std::string> items;
  if (!array_ || array_->IsNull(row)) return items;
  const int64_t end = array_->value_offset(row) + array_->value_length(row);
  for (int64_t i = array_->value_offset(row); i < end; ++i) items.push_back(values_.At(i).value_or(""));
  return items;
}

StructColumn::StructColumn(const ArrayPtr& array) : array_(CastTo<arrow::StructArray>(array, arrow::Type::STRUCT)) {}

std::shared_ptr<arrow::Array> StructColumn::Member(const std::string& name) const {
  return array_ ? array_->GetFieldByName(name) : nullptr;
}

}  // namespace quell::delta
