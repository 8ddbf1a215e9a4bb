#include "execution/operators/sort/sort_keys.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>

#include "data/buffers.h"
#include "data/visit_type.h"
#include "expression/scalar_kernel.h"

namespace quell::execution {
namespace {

constexpr uint8_t kNullFirst = 0;
constexpr uint8_t kValue = 1;
constexpr uint8_t kNullLast = 2;

bool IsString(const Type& type) { return type.id() == TypeId::kString || type.id() == TypeId::kBinary; }

template <typename T>
struct Unsigned {
  using type = std::make_unsigned_t<T>;
};
template <>
struct Unsigned<Int128> {
  using type = unsigned __int128;
};
template <>
struct Unsigned<float> {
  using type = uint32_t;
};
template <>
struct Unsigned<double> {
  using type = uint64_t;
};
template <>
struct Unsigned<bool> {
  using type = uint8_t;
};

// An unsigned number in the same order.
template <typename T>
typename Unsigned<T>::type ToOrdered(T value) {
  using U = typename Unsigned<T>::type;
  constexpr U kSign = U{1} << (8 * sizeof(U) - 1);
  if constexpr (std::is_same_v<T, bool>) {
    return value;
  } else if constexpr (std::is_floating_point_v<T>) {
    if (std::isnan(value)) value = std::numeric_limits<T>::quiet_NaN();
    if (value == 0) value = 0;
    const U bits = std::bit_cast<U>(value);
    return bits & kSign ? ~bits : bits | kSign;
  } else {
    return static_cast<U>(value) ^ kSign;
  }
}

template <typename U>
void WriteBigEndian(U value, uint8_t* to) {
  for (size_t i = sizeof(U); i-- > 0;) {
    to[i] = static_cast<uint8_t>(value);
    if constexpr (sizeof(U) > 1) value >>= 8;
  }
}

size_t OrderedSize(std::string_view text) {
  size_t size = text.size() + 2;
  for (const char c : text) size += c == 0;
  return size;
}

uint8_t* WriteOrdered(std::string_view text, uint8_t* to) {
  for (const char c : text) {
    *to++ = static_cast<uint8_t>(c);
    if (c == 0) *to++ = 255;
  }
  *to++ = 0;
  *to++ = 0;
  return to;
}

void AppendOrdered(const Value& value, const Type& type, std::string* out);

void AppendMembers(const std::vector<Value>& members, const Type& type, std::string* out) {
  for (size_t i = 0; i < members.size(); ++i) {
    out->push_back(static_cast<char>(kValue));  // 0 ends an array, so that the shorter of two comes first.
    const size_t child = type.id() == TypeId::kArray ? 0 : type.id() == TypeId::kMap ? i % 2 : i;
    AppendOrdered(members[i], type.children()[child].type, out);
  }
  out->push_back(0);
}

// A value of a nested type; NULL members come first.
void AppendOrdered(const Value& value, const Type& type, std::string* out) {
  out->push_back(static_cast<char>(value.is_null() ? kNullFirst : kValue));
  if (value.is_null()) return;
  if (type.is_nested()) {
    AppendMembers(std::get<std::vector<Value>>(value.data), type, out);
    return;
  }
  uint8_t bytes[sizeof(Int128)];
  const auto append = [&](auto ordered) {
    WriteBigEndian(ordered, bytes);
    out->append(reinterpret_cast<const char*>(bytes), sizeof(ordered));
  };
  if (const auto* flag = std::get_if<bool>(&value.data)) append(ToOrdered(*flag));
  if (const auto* number = std::get_if<int64_t>(&value.data)) append(ToOrdered(*number));
  if (const auto* number = std::get_if<double>(&value.data)) append(ToOrdered(*number));
  if (const auto* number = std::get_if<Int128>(&value.data)) append(ToOrdered(*number));
  if (const auto* text = std::get_if<std::string>(&value.data)) {
    const size_t begin = out->size();
    out->resize(begin + OrderedSize(*text));
    WriteOrdered(*text, reinterpret_cast<uint8_t*>(out->data()) + begin);
  }
}

}  // namespace

SortKeyEncoder::SortKeyEncoder(const std::vector<PhysicalSortKey>& keys) {
  for (const PhysicalSortKey& key : keys) {
    keys_.push_back({Evaluator(key.expr), key.ascending, key.nulls_first ? kNullFirst : kNullLast});
  }
}

void SortKeyEncoder::Encode(const Batch& batch) {
  offsets_.assign(batch.num_selected() + 1, 0);
  for (Key& key : keys_) {
    key.values = key.evaluator.Evaluate(batch);
    Locate(batch, &key);
    AddSizes(&key);
  }
  for (size_t k = 1; k < offsets_.size(); ++k) offsets_[k] += offsets_[k - 1];
  bytes_.resize(offsets_.back());
  cursors_.assign(offsets_.begin(), offsets_.end() - 1);
  for (const Key& key : keys_) Write(key);
}

void SortKeyEncoder::Locate(const Batch& batch, Key* key) {
  const Rows rows{batch.num_rows, batch.selection.get()};
  const Column column = key->values;
  key->indexes.resize(rows.count());
  if (column.type.id() == TypeId::kNull || (column.encoding == Encoding::kConstant && column.may_have_nulls())) {
    std::fill(key->indexes.begin(), key->indexes.end(), -1);
    return;
  }
  const uint8_t* validity = column.encoding == Encoding::kConstant ? nullptr : column.validity();
  const auto* codes = column.encoding == Encoding::kDictionary ? column.values<int32_t>() : nullptr;
  const int64_t mask = column.encoding == Encoding::kConstant ? 0 : -1;
  int64_t k = 0;
  rows.ForEach([&](int64_t row) {
    const bool is_valid = !validity || GetBit(validity, column.data->offset + row);
    const int64_t index = row & mask;
    key->indexes[k++] = !is_valid ? -1 : codes ? codes[index] : static_cast<int32_t>(index);
  });
  if (codes) key->values = DictionaryValues(column);
}

void SortKeyEncoder::AddSizes(Key* key) {
  const std::vector<int32_t>& indexes = key->indexes;
  if (IsString(key->values.type)) {
    const StringReader reader(key->values);
    for (size_t k = 0; k < indexes.size(); ++k) {
      offsets_[k + 1] += 1 + (indexes[k] < 0 ? 0 : OrderedSize(reader[indexes[k]]));
    }
  } else if (key->values.type.is_nested()) {
    key->nested.assign(indexes.size(), std::string());
    for (size_t k = 0; k < indexes.size(); ++k) {
      if (indexes[k] >= 0) AppendOrdered(ValueAt(key->values, indexes[k]), key->values.type, &key->nested[k]);
      offsets_[k + 1] += 1 + key->nested[k].size();
    }
  } else {
    const size_t width = VisitFixedWidth(
        key->values.type, [](auto tag) { return sizeof(typename decltype(tag)::Native); }, [] { return size_t{0}; });
    for (size_t k = 0; k < indexes.size(); ++k) offsets_[k + 1] += 1 + (indexes[k] < 0 ? 0 : width);
  }
}

void SortKeyEncoder::Write(const Key& key) {
  const uint8_t flip = key.ascending ? 0 : 255;
  // Writes each value with `write(index, k, to)`, which returns the end of what it wrote.
  const auto write_all = [&](auto&& write) {
    for (size_t k = 0; k < key.indexes.size(); ++k) {
      uint8_t* to = bytes_.data() + cursors_[k];
      *to++ = key.indexes[k] < 0 ? key.null_marker : kValue;
      if (key.indexes[k] >= 0) {
        uint8_t* end = write(key.indexes[k], k, to);
        if (flip) {
          for (uint8_t* byte = to; byte < end; ++byte) *byte = static_cast<uint8_t>(~*byte);
        }
        to = end;
      }
      cursors_[k] = to - bytes_.data();
    }
  };
  if (IsString(key.values.type)) {
    const StringReader reader(key.values);
    write_all([&](int32_t index, size_t, uint8_t* to) { return WriteOrdered(reader[index], to); });
  } else if (key.values.type.is_nested()) {
    write_all(
        [&](int32_t, size_t k, uint8_t* to) { return std::copy(key.nested[k].begin(), key.nested[k].end(), to); });
  } else {
    VisitFixedWidth(
        key.values.type,
        [&](auto tag) {
          using T = typename decltype(tag)::Native;
          const arrow::ArrayData& data = *key.values.data;
          write_all([&](int32_t index, size_t, uint8_t* to) {
            T value;
            if constexpr (std::is_same_v<T, bool>) {
              value = GetBit(data.buffers[1]->data(), data.offset + index);
            } else {
              value = key.values.values<T>()[index];
            }
            WriteBigEndian(ToOrdered(value), to);
            return to + sizeof(T);
          });
        },
        [&] { write_all([](int32_t, size_t, uint8_t* to) { return to; }); });
  }
}

}  // namespace quell::execution
