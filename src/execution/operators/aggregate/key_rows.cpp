#include "execution/operators/aggregate/key_rows.h"

#include <cmath>
#include <cstring>
#include <limits>

#include "data/buffers.h"
#include "data/visit_type.h"
#include "execution/operators/aggregate/nested_key.h"

namespace quell::execution {
namespace {

bool IsString(const Type& type) { return type.id() == TypeId::kString || type.id() == TypeId::kBinary; }

// Bytes that a key takes in a row; -1 where values differ in length.
int32_t WidthOf(const Type& type) {
  if (type.id() == TypeId::kNull) return 0;
  return VisitFixedWidth(
      type, [](auto tag) { return static_cast<int32_t>(sizeof(typename decltype(tag)::Native)); }, [] { return -1; });
}

template <typename T>
T Normalize(T value) {
  if constexpr (std::is_floating_point_v<T>) {
    if (std::isnan(value)) return std::numeric_limits<T>::quiet_NaN();
    return value == 0 ? T{0} : value;
  } else {
    return value;
  }
}

// The flat values that the indexes of a key point into.
Column ValuesOf(const Column& key) {
  return key.encoding == Encoding::kDictionary ? DictionaryValues(key) : Column{key.type, Encoding::kFlat, key.data};
}

}  // namespace

KeyLayout::KeyLayout(std::vector<Type> types) : types_(std::move(types)) {
  fixed_width_ = static_cast<int32_t>((types_.size() + 7) / 8);
  for (size_t i = 0; i < types_.size(); ++i) {
    const int32_t width = WidthOf(types_[i]);
    offsets_.push_back(width < 0 ? -1 : fixed_width_);
    if (width < 0) {
      variable_keys_.push_back(static_cast<int>(i));
    } else {
      fixed_width_ += width;
    }
  }
}

void KeyEncoder::Encode(std::span<const Column> keys, const Rows& rows) {
  indexes_.resize(keys.size());
  nested_.resize(keys.size());
  has_nulls_.resize(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) Locate(keys[i], rows, static_cast<int>(i));
  LayOut(keys, rows);
  for (size_t i = 0; i < keys.size(); ++i) {
    if (layout_->offsets_[i] >= 0) EncodeFixed(keys[i], static_cast<int>(i));
  }
  for (const int i : layout_->variable_keys_) EncodeVariable(keys[i], i);
}

void KeyEncoder::Locate(const Column& key, const Rows& rows, int position) {
  std::vector<int32_t>& indexes = indexes_[position];
  indexes.resize(rows.count());
  const bool is_null_type = key.type.id() == TypeId::kNull;
  has_nulls_[position] =
      is_null_type || (key.encoding == Encoding::kConstant ? key.may_have_nulls() : key.validity() != nullptr);
  int64_t k = 0;
  switch (key.encoding) {
    case Encoding::kFlat: rows.ForEach([&](int64_t row) { indexes[k++] = static_cast<int32_t>(row); }); break;
    case Encoding::kDictionary: {
      const auto* codes = key.values<int32_t>();
      rows.ForEach([&](int64_t row) { indexes[k++] = codes[row]; });
      break;
    }
    case Encoding::kConstant: std::fill(indexes.begin(), indexes.end(), has_nulls_[position] ? -1 : 0); return;
  }
  if (is_null_type) std::fill(indexes.begin(), indexes.end(), -1);
  if (const uint8_t* validity = is_null_type ? nullptr : key.validity()) {
    k = 0;
    rows.ForEach([&](int64_t row) {
      if (!GetBit(validity, key.data->offset + row)) indexes[k] = -1;
      ++k;
    });
  }
}

void KeyEncoder::LayOut(std::span<const Column> keys, const Rows& rows) {
  const int64_t count = rows.count();
  const auto width = static_cast<uint64_t>(layout_->fixed_width_);
  if (layout_->is_fixed()) {
    bytes_.assign(static_cast<uint64_t>(count) * width, 0);
    return;
  }
  offsets_.assign(count + 1, width);
  offsets_[0] = 0;
  for (const int i : layout_->variable_keys_) {
    const Column values = ValuesOf(keys[i]);
    const std::vector<int32_t>& indexes = indexes_[i];
    if (IsString(values.type)) {
      const StringReader reader(values);
      for (int64_t k = 0; k < count; ++k) {
        if (indexes[k] >= 0) offsets_[k + 1] += sizeof(uint32_t) + reader[indexes[k]].size();
      }
      continue;
    }
    nested_[i].assign(count, std::string());
    for (int64_t k = 0; k < count; ++k) {
      if (indexes[k] < 0) continue;
      AppendValue(ValueAt(values, indexes[k]), &nested_[i][k]);
      offsets_[k + 1] += sizeof(uint32_t) + nested_[i][k].size();
    }
  }
  for (int64_t k = 0; k < count; ++k) offsets_[k + 1] += offsets_[k];
  bytes_.assign(offsets_[count], 0);
  cursors_.clear();
  for (int64_t k = 0; k < count; ++k) cursors_.push_back(offsets_[k] + width);
}

void KeyEncoder::MarkNulls(int position) {
  if (!has_nulls_[position]) return;
  const std::vector<int32_t>& indexes = indexes_[position];
  const auto null_bit = static_cast<uint8_t>(1u << (position % 8));
  for (size_t k = 0; k < indexes.size(); ++k) {
    if (indexes[k] < 0) bytes_[Offset(static_cast<int64_t>(k)) + position / 8] |= null_bit;
  }
}

void KeyEncoder::EncodeFixed(const Column& key, int position) {
  MarkNulls(position);
  const int32_t* const indexes = indexes_[position].data();
  const auto count = static_cast<int64_t>(indexes_[position].size());
  const bool has_nulls = has_nulls_[position];
  uint8_t* const to = bytes_.data() + layout_->offsets_[position];
  const Column values = ValuesOf(key);
  VisitFixedWidth(
      key.type,
      [&](auto tag) {
        using T = typename decltype(tag)::Native;
        for (int64_t k = 0; k < count; ++k) {
          if (has_nulls && indexes[k] < 0) continue;
          T value;
          if constexpr (std::is_same_v<T, bool>) {
            value = GetBit(values.data->buffers[1]->data(), values.data->offset + indexes[k]);
          } else {
            value = Normalize(values.values<T>()[indexes[k]]);
          }
          std::memcpy(to + Offset(k), &value, sizeof(T));
        }
      },
      [] {});
}

void KeyEncoder::EncodeVariable(const Column& key, int position) {
  MarkNulls(position);
  const std::vector<int32_t>& indexes = indexes_[position];
  const Column values = ValuesOf(key);
  const bool is_string = IsString(key.type);
  const std::optional<StringReader> reader = is_string ? std::optional<StringReader>(values) : std::nullopt;
  for (size_t k = 0; k < indexes.size(); ++k) {
    if (indexes[k] < 0) continue;
    const std::string_view value = is_string ? (*reader)[indexes[k]] : std::string_view(nested_[position][k]);
    const auto size = static_cast<uint32_t>(value.size());
    uint8_t* to = bytes_.data() + cursors_[k];
    std::memcpy(to, &size, sizeof(size));
    if (size > 0) std::memcpy(to + sizeof(size), value.data(), size);
    cursors_[k] += sizeof(size) + size;
  }
}

// Reads rows back, the variable keys in order.
class KeyDecoder {
 public:
  KeyDecoder(const KeyLayout& layout, std::span<const uint8_t* const> rows)
      : layout_(layout), rows_(rows), cursors_(rows.begin(), rows.end()) {
    for (const uint8_t*& cursor : cursors_) cursor += layout.fixed_width_;
  }

  Column Decode(int position) {
    const Type& type = layout_.types_[position];
    if (type.id() == TypeId::kNull) return MakeColumn(type, std::vector<Value>(rows_.size()));
    if (IsString(type)) return DecodeStrings(position);
    if (layout_.offsets_[position] < 0) return DecodeNested(position);
    return VisitFixedWidth(
        type, [&](auto tag) { return DecodeFixed<typename decltype(tag)::Native>(position); },
        [&]() -> Column { QUELL_CHECK(false); });
  }

 private:
  bool IsNull(size_t k, int position) const { return rows_[k][position / 8] & (1u << (position % 8)); }

  BufferPtr Validity(int position) const {
    BufferPtr validity;
    for (size_t k = 0; k < rows_.size(); ++k) {
      if (!IsNull(k, position)) continue;
      if (!validity) validity = AllocateBits(static_cast<int64_t>(rows_.size()), true);
      ClearBit(validity->mutable_data(), static_cast<int64_t>(k));
    }
    return validity;
  }

  template <typename T>
  Column DecodeFixed(int position) const {
    const auto count = static_cast<int64_t>(rows_.size());
    const int32_t offset = layout_.offsets_[position];
    BufferPtr values;
    if constexpr (std::is_same_v<T, bool>) {
      values = AllocateBits(count, false);
      for (int64_t k = 0; k < count; ++k) {
        if (rows_[k][offset]) SetBit(values->mutable_data(), k);
      }
    } else {
      values = AllocateBytes(count * static_cast<int64_t>(sizeof(T)));
      auto* to = reinterpret_cast<T*>(values->mutable_data());
      for (int64_t k = 0; k < count; ++k) std::memcpy(&to[k], rows_[k] + offset, sizeof(T));
    }
    return MakeFlat(layout_.types_[position], count, std::move(values), Validity(position));
  }

  // The next variable key of row k.
  std::string_view Read(size_t k) {
    uint32_t size;
    std::memcpy(&size, cursors_[k], sizeof(size));
    const std::string_view value(reinterpret_cast<const char*>(cursors_[k]) + sizeof(size), size);
    cursors_[k] += sizeof(size) + size;
    return value;
  }

  Column DecodeStrings(int position) {
    StringWriter writer(static_cast<int64_t>(rows_.size()));
    for (size_t k = 0; k < rows_.size(); ++k) writer.Append(IsNull(k, position) ? std::string_view() : Read(k));
    return writer.Finish(layout_.types_[position], Validity(position));
  }

  Column DecodeNested(int position) {
    std::vector<Value> values(rows_.size());
    for (size_t k = 0; k < rows_.size(); ++k) {
      if (!IsNull(k, position)) values[k] = ParseValue(Read(k));
    }
    return MakeColumn(layout_.types_[position], values);
  }

  const KeyLayout& layout_;
  const std::span<const uint8_t* const> rows_;
  std::vector<const uint8_t*> cursors_;
};

std::vector<Column> DecodeKeys(const KeyLayout& layout, std::span<const uint8_t* const> rows) {
  KeyDecoder decoder(layout, rows);
  std::vector<Column> columns;
  for (size_t i = 0; i < layout.types().size(); ++i) columns.push_back(decoder.Decode(static_cast<int>(i)));
  return columns;
}

}  // namespace quell::execution
