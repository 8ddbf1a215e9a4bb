#include "storage/parquet/leaf_builder.h"

#include <algorithm>
#include <cstring>

#include "base/arrow_result.h"
#include "base/error_classes.h"
#include "storage/parquet/decode/corrupt_page.h"

namespace quell::storage {

namespace {

std::shared_ptr<arrow::Buffer> Allocate(int64_t bytes) {
  return Unwrap(arrow::AllocateBuffer(bytes, EnginePool()), error_class::kOutOfMemory, "allocate a column");
}

template <typename T>
T* Mutable(const std::shared_ptr<arrow::Buffer>& buffer) {
  return reinterpret_cast<T*>(buffer->mutable_data());
}

template <typename To, typename From>
void Gather(const From* dictionary, std::span<const uint32_t> codes, uint8_t* out) {
  To* to = reinterpret_cast<To*>(out);
  for (size_t i = 0; i < codes.size(); ++i) to[i] = dictionary[codes[i]];
}

}  // namespace

void LeafDictionary::MakeNarrow() {
  constexpr int64_t kMinValues = 8192;  // fewer stay in a near cache as they are
  if (size() < kMinValues) return;
  const auto* values = reinterpret_cast<const int64_t*>(stored.values->data());
  const auto fits = [](int64_t value) { return value == static_cast<int32_t>(value); };
  if (std::all_of(values, values + size(), fits)) narrow.assign(values, values + size());
}

template <typename T>
void LeafBuilder::Spread(const T* dense, int64_t count, T* out) {
  const uint8_t* bits = validity_.bits();
  for (int64_t i = 0; i < count; ++i) {
    const int64_t row = row_ + i;
    const bool is_valid = bits[row / 8] >> (row % 8) & 1;
    out[i] = is_valid ? *dense : T{};
    dense += is_valid;
  }
}

void LeafBuilder::SpreadFixed(const uint8_t* dense, int64_t count, uint8_t* out) {
  switch (leaf_.stored_width) {
    case 1: return Spread(dense, count, out);
    case 4: return Spread(reinterpret_cast<const uint32_t*>(dense), count, reinterpret_cast<uint32_t*>(out));
    case 8: return Spread(reinterpret_cast<const uint64_t*>(dense), count, reinterpret_cast<uint64_t*>(out));
    default:
      for (int64_t i = 0; i < count; ++i, out += leaf_.stored_width) {
        if (IsValid(row_ + i)) {
          std::memcpy(out, dense, leaf_.stored_width);
          dense += leaf_.stored_width;
        } else {
          std::memset(out, 0, leaf_.stored_width);
        }
      }
  }
}

std::span<uint32_t> LeafBuilder::CodesFor(int64_t count, int64_t valid) {
  if (!codes_) {
    codes_ = Allocate(num_rows_ * sizeof(uint32_t));
    std::memset(codes_->mutable_data(), 0, row_ * sizeof(uint32_t));
  }
  if (valid == count) return {Mutable<uint32_t>(codes_) + row_, static_cast<size_t>(count)};
  dense_codes_.resize(valid + 1);  // Spread may look at one more than it uses
  return {dense_codes_.data(), static_cast<size_t>(valid)};
}

void LeafBuilder::AppendCodes(int64_t count, int64_t valid) {
  if (valid < count) Spread(dense_codes_.data(), count, Mutable<uint32_t>(codes_) + row_);
  row_ += count;
}

void LeafBuilder::BecomeFlat(const LeafDictionary* dictionary) {
  if (is_flat_) return;
  is_flat_ = true;
  const auto codes = std::move(codes_);
  if (is_bytes()) {
    offsets_ = Allocate((num_rows_ + 1) * sizeof(int32_t));
    Mutable<int32_t>(offsets_)[0] = 0;
  } else {
    values_ = Allocate(num_rows_ * leaf_.stored_width);
  }
  const int64_t rows = row_;
  if (!codes) {
    if (is_bytes()) {
      std::memset(offsets_->mutable_data(), 0, (rows + 1) * sizeof(int32_t));
    } else {
      std::memset(values_->mutable_data(), 0, rows * leaf_.stored_width);
    }
    return;
  }
  // Codes of nulls are 0, which any dictionary with codes has, unless all rows are null.
  const std::span<const uint32_t> all(Mutable<uint32_t>(codes), rows);
  row_ = 0;
  if (is_bytes()) {
    for (; row_ < rows; ++row_) {
      if (IsValid(row_) && dictionary->size() > 0) {
        const std::string_view value = dictionary->bytes(all[row_]);
        Unwrap(bytes_.Append(value.data(), value.size()), error_class::kOutOfMemory, "gather values");
      }
      RequireFormat(bytes_.length() <= INT32_MAX, "values of more than 2 GiB in a batch");
      Mutable<int32_t>(offsets_)[row_ + 1] = static_cast<int32_t>(bytes_.length());
    }
  } else if (dictionary->size() == 0) {
    std::memset(values_->mutable_data(), 0, rows * leaf_.stored_width);
    row_ = rows;
  } else {
    for (; row_ < rows; ++row_) {
      std::memcpy(values_->mutable_data() + row_ * leaf_.stored_width,
                  dictionary->stored.values->data() + int64_t{all[row_]} * leaf_.stored_width, leaf_.stored_width);
    }
  }
}

uint8_t* LeafBuilder::FixedFor(int64_t count, int64_t valid, const LeafDictionary* dictionary) {
  BecomeFlat(dictionary);
  if (valid == count) return values_->mutable_data() + row_ * leaf_.stored_width;
  dense_values_.resize((valid + 1) * leaf_.stored_width);  // Spread may look at one more than it uses
  return dense_values_.data();
}

void LeafBuilder::AppendFixed(int64_t count, int64_t valid) {
  if (valid < count) SpreadFixed(dense_values_.data(), count, values_->mutable_data() + row_ * leaf_.stored_width);
  row_ += count;
}

void LeafBuilder::AppendBytes(std::span<const std::string_view> values, int64_t count,
                              const LeafDictionary* dictionary) {
  BecomeFlat(dictionary);
  int64_t total = bytes_.length();
  for (const std::string_view value : values) total += static_cast<int64_t>(value.size());
  RequireFormat(total <= INT32_MAX, "values of more than 2 GiB in a batch");
  Unwrap(bytes_.Reserve(total - bytes_.length()), error_class::kOutOfMemory, "gather values");
  int32_t* offsets = Mutable<int32_t>(offsets_) + row_;
  size_t next = 0;
  for (int64_t i = 0; i < count; ++i) {
    if (IsValid(row_ + i)) {
      const std::string_view value = values[next++];
      bytes_.UnsafeAppend(value.data(), static_cast<int64_t>(value.size()));
    }
    offsets[i + 1] = static_cast<int32_t>(bytes_.length());
  }
  row_ += count;
}

void LeafBuilder::AppendDecoded(std::span<const uint32_t> codes, int64_t count, const LeafDictionary& dictionary) {
  if (is_bytes()) {
    std::vector<std::string_view> values(codes.size());
    for (size_t i = 0; i < codes.size(); ++i) values[i] = dictionary.bytes(codes[i]);
    return AppendBytes(values, count, &dictionary);
  }
  const auto valid = static_cast<int64_t>(codes.size());
  uint8_t* out = FixedFor(count, valid, &dictionary);
  const uint8_t* from = dictionary.stored.values->data();
  switch (leaf_.stored_width) {
    case 4: Gather<uint32_t>(reinterpret_cast<const uint32_t*>(from), codes, out); break;
    case 8:
      if (dictionary.narrow.empty()) {
        Gather<int64_t>(reinterpret_cast<const int64_t*>(from), codes, out);
      } else {
        Gather<int64_t>(dictionary.narrow.data(), codes, out);
      }
      break;
    default:
      for (size_t i = 0; i < codes.size(); ++i) {
        std::memcpy(out + i * leaf_.stored_width, from + int64_t{codes[i]} * leaf_.stored_width, leaf_.stored_width);
      }
  }
  AppendFixed(count, valid);
}

void LeafBuilder::AppendGap(int64_t count) {
  if (count == 0) return;
  validity_.AppendValid(count);
  if (codes_) {
    std::memset(codes_->mutable_data() + row_ * sizeof(uint32_t), 0, count * sizeof(uint32_t));
  } else if (is_flat_ && is_bytes()) {
    int32_t* offsets = Mutable<int32_t>(offsets_) + row_;
    std::fill(offsets + 1, offsets + 1 + count, offsets[0]);
  } else if (is_flat_) {
    std::memset(values_->mutable_data() + row_ * leaf_.stored_width, 0, count * leaf_.stored_width);
  }
  row_ += count;
}

StoredValues LeafBuilder::FinishStored() {
  StoredValues stored;
  stored.length = num_rows_;
  stored.null_count = validity_.null_count();
  stored.validity = validity_.Finish();
  stored.values = values_;
  if (is_bytes()) {
    stored.offsets = offsets_;
    stored.values = Unwrap(bytes_.Finish(), error_class::kOutOfMemory, "gather values");
  }
  return stored;
}

Column LeafBuilder::Finish(const LeafDictionary* dictionary) {
  if (codes_) {
    const int64_t null_count = validity_.null_count();
    auto type = arrow::dictionary(arrow::int32(), dictionary->converted->type);
    auto data = arrow::ArrayData::Make(std::move(type), num_rows_, {validity_.Finish(), codes_}, null_count);
    data->dictionary = dictionary->converted;
    return Column{leaf_.type, Encoding::kDictionary, std::move(data)};
  }
  BecomeFlat(dictionary);
  return Column{leaf_.type, Encoding::kFlat, ConvertStored(leaf_, FinishStored())};
}

}  // namespace quell::storage
