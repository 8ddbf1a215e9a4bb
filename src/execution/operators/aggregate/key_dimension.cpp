#include "execution/operators/aggregate/key_dimension.h"

#include <algorithm>

#include "data/buffers.h"
#include "data/visit_type.h"

namespace quell::execution {
namespace {

// Ids of a dimension at most; with more values, hashing is as good.
constexpr uint32_t kMaxIds = 1u << 16;

// Values that repeat in runs are looked up once a run; others in an open-addressed table.
template <typename T>
class IntegerDimension final : public KeyDimension {
 public:
  uint32_t num_ids() const override { return num_ids_; }

  bool AddIds(const Column& key, const Rows& rows, int shift, uint32_t* indexes) override {
    if (key.encoding == Encoding::kDictionary) return AddDictionaryIds(key, rows, shift, indexes);
    if (key.encoding == Encoding::kConstant) {
      const uint32_t id = key.may_have_nulls() ? 0 : IdOf(ValueOf(key, 0));
      for (int64_t k = 0; k < rows.count(); ++k) indexes[k] += id << shift;
      return num_ids_ <= kMaxIds;
    }
    const uint8_t* validity = key.validity();
    int64_t k = 0;
    if (validity) {
      const int64_t offset = key.data->offset;
      rows.ForEach([&](int64_t row) {
        const uint32_t id = GetBit(validity, offset + row) ? LastOrIdOf(ValueOf(key, row)) : 0;
        indexes[k++] += id << shift;
      });
    } else if constexpr (std::is_same_v<T, bool>) {
      rows.ForEach([&](int64_t row) { indexes[k++] += LastOrIdOf(ValueOf(key, row)) << shift; });
    } else {
      const T* values = key.values<T>();
      T last = last_value_;
      uint32_t added = last_id_ << shift;
      rows.ForEach([&](int64_t row) {
        const T value = values[row];
        if (value != last || added == 0) [[unlikely]] {
          last = value;
          added = IdOf(value) << shift;
        }
        indexes[k++] += added;
      });
      last_value_ = last;
      last_id_ = added >> shift;
    }
    return num_ids_ <= kMaxIds;
  }

  int64_t memory_bytes() const override { return static_cast<int64_t>(slots_.capacity() * sizeof(Slot)); }

 private:
  struct Slot {
    T value;
    uint32_t id = 0;  // 0: free
  };

  static T ValueOf(const Column& key, int64_t row) {
    if constexpr (std::is_same_v<T, bool>) {
      return GetBit(key.data->buffers[1]->data(), key.data->offset + row);
    } else {
      return key.values<T>()[row];
    }
  }

  uint32_t LastOrIdOf(T value) {
    if (last_id_ == 0 || value != last_value_) {
      last_value_ = value;
      last_id_ = IdOf(value);
    }
    return last_id_;
  }

  bool AddDictionaryIds(const Column& key, const Rows& rows, int shift, uint32_t* indexes) {
    const Column values = DictionaryValues(key);
    const auto* codes = key.values<int32_t>();
    const uint8_t* validity = key.validity();
    int64_t k = 0;
    rows.ForEach([&](int64_t row) {
      const bool is_valid = !validity || GetBit(validity, key.data->offset + row);
      indexes[k++] += (is_valid ? LastOrIdOf(ValueOf(values, codes[row])) : 0) << shift;
    });
    return num_ids_ <= kMaxIds;
  }

  static size_t HashOf(T value) { return static_cast<size_t>(value) * 0x9E3779B97F4A7C15ull >> 32; }

  uint32_t IdOf(T value) {
    if (2 * num_ids_ >= slots_.size()) Grow();
    size_t at = HashOf(value) & (slots_.size() - 1);
    while (slots_[at].id != 0 && slots_[at].value != value) at = (at + 1) & (slots_.size() - 1);
    if (slots_[at].id == 0) slots_[at] = {value, num_ids_++};
    return slots_[at].id;
  }

  void Grow() {
    std::vector<Slot> old(std::max<size_t>(64, slots_.size() * 2));
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.id == 0) continue;
      size_t at = HashOf(slot.value) & (slots_.size() - 1);
      while (slots_[at].id != 0) at = (at + 1) & (slots_.size() - 1);
      slots_[at] = slot;
    }
  }

  std::vector<Slot> slots_;
  uint32_t num_ids_ = 1;
  T last_value_{};
  uint32_t last_id_ = 0;  // 0: none yet
};

// Strings by their dictionaries: each value of a dictionary is looked up once, then its code gives the id.
class StringDimension final : public KeyDimension {
 public:
  uint32_t num_ids() const override { return static_cast<uint32_t>(ids_.size()) + 1; }

  bool AddIds(const Column& key, const Rows& rows, int shift, uint32_t* indexes) override {
    if (key.encoding == Encoding::kConstant) {
      const uint32_t id = key.may_have_nulls() ? 0 : IdOf(StringReader(key)[0]);
      for (int64_t k = 0; k < rows.count(); ++k) indexes[k] += id << shift;
      return true;
    }
    if (key.encoding != Encoding::kDictionary || key.data->dictionary->length > kMaxIds) return false;
    const Column values = DictionaryValues(key);
    const StringReader reader(values);
    if (dictionary_ != key.data->dictionary) {
      dictionary_ = key.data->dictionary;
      id_of_code_.assign(dictionary_->length, 0);
      is_complete_ = dictionary_->length <= kMaxEagerIds && dictionary_->GetNullCount() == 0;
      for (int32_t code = 0; is_complete_ && code < dictionary_->length; ++code) id_of_code_[code] = IdOf(reader[code]);
    }
    if (is_complete_ && !key.validity()) {
      AddKnownIds(key.values<int32_t>(), rows, id_of_code_.data(), shift, indexes);
    } else {
      AddNewIds(key, rows, reader, shift, indexes);
    }
    return num_ids() <= kMaxIds;
  }

  int64_t memory_bytes() const override { return static_cast<int64_t>(id_of_code_.capacity()) * 4 + text_bytes_; }

 private:
  static void AddKnownIds(const int32_t* codes, const Rows& rows, const uint32_t* ids, int shift,
                          uint32_t* __restrict indexes) {
    int64_t k = 0;
    rows.ForEach([=, &k](int64_t row) { indexes[k++] += ids[codes[row]] << shift; });
  }

  void AddNewIds(const Column& key, const Rows& rows, const StringReader& reader, int shift, uint32_t* indexes) {
    const auto* codes = key.values<int32_t>();
    const uint8_t* validity = key.validity();
    const int64_t offset = key.data->offset;
    int64_t k = 0;
    rows.ForEach([&](int64_t row) {
      if (!validity || GetBit(validity, offset + row)) indexes[k] += IdOfCode(codes[row], reader) << shift;
      ++k;
    });
  }

  uint32_t IdOfCode(int32_t code, const StringReader& reader) {
    uint32_t& id = id_of_code_[code];
    if (id == 0) [[unlikely]]
      id = IdOf(reader[code]);
    return id;
  }

  uint32_t IdOf(std::string_view value) {
    const auto [entry, inserted] = ids_.try_emplace(std::string(value), num_ids());
    if (inserted) text_bytes_ += static_cast<int64_t>(value.size()) + kBytesPerEntry;
    return entry->second;
  }

  static constexpr int64_t kBytesPerEntry = 80;
  // A dictionary of up to this many values gets all its ids at once, whether rows use them or not.
  static constexpr int64_t kMaxEagerIds = 256;
  std::unordered_map<std::string, uint32_t> ids_;
  int64_t text_bytes_ = 0;
  std::shared_ptr<arrow::ArrayData> dictionary_;  // that id_of_code_ is for; held, so that its address stays its own
  std::vector<uint32_t> id_of_code_;              // 0: not met yet
  bool is_complete_ = false;                      // every code has its id
};

}  // namespace

std::unique_ptr<KeyDimension> MakeKeyDimension(const Type& type) {
  if (type.id() == TypeId::kString || type.id() == TypeId::kBinary) return std::make_unique<StringDimension>();
  return VisitFixedWidth(
      type,
      [](auto tag) -> std::unique_ptr<KeyDimension> {
        using T = typename decltype(tag)::Native;
        if constexpr (std::is_floating_point_v<T> || std::is_same_v<T, Int128>) {
          return nullptr;
        } else {
          return std::make_unique<IntegerDimension<T>>();
        }
      },
      []() -> std::unique_ptr<KeyDimension> { return nullptr; });
}

}  // namespace quell::execution
