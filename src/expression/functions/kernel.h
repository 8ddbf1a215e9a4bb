// Scalar kernels from functions of one row.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "data/buffers.h"
#include "expression/scalar_kernel.h"

namespace quell {

using KernelPtr = std::shared_ptr<const ScalarKernel>;

// Reads a flat or constant column row by row.
template <typename T>
class Reader {
 public:
  explicit Reader(const Column& column)
      : values_(column.values<T>()), mask_(column.encoding == Encoding::kConstant ? 0 : -1) {}
  T operator[](int64_t row) const { return values_[row & mask_]; }

 private:
  const T* values_;
  int64_t mask_;
};

template <>
class Reader<bool> {
 public:
  explicit Reader(const Column& column)
      : bits_(column.data->buffers[1]->data()),
        offset_(column.data->offset),
        mask_(column.encoding == Encoding::kConstant ? 0 : -1) {}
  bool operator[](int64_t row) const { return GetBit(bits_, offset_ + (row & mask_)); }

 private:
  const uint8_t* bits_;
  int64_t offset_;
  int64_t mask_;
};

template <>
class Reader<std::string_view> : public StringReader {
 public:
  using StringReader::StringReader;
};

// Whether a row is not NULL, whatever the encoding.
class ValidityReader {
 public:
  explicit ValidityReader(const Column& column)
      : all_null_(column.data->type->id() == arrow::Type::NA),
        bits_(all_null_ ? nullptr : column.validity()),
        offset_(column.data->offset),
        mask_(column.encoding == Encoding::kConstant ? 0 : -1) {}
  bool operator[](int64_t row) const {
    if (all_null_) return false;
    return !bits_ || GetBit(bits_, offset_ + (row & mask_));
  }

 private:
  bool all_null_;
  const uint8_t* bits_;
  int64_t offset_;
  int64_t mask_;
};

// Reads the number of the row.
struct RowNumbers {
  int64_t operator[](int64_t row) const { return row; }
};

// Fixed-width results written row by row. Rows not set hold 0; SetNull makes a row NULL.
template <typename T>
class FixedWriter {
 public:
  explicit FixedWriter(int64_t num_rows, bool zeroed)
      : num_rows_(num_rows), buffer_(AllocateBytes(num_rows * static_cast<int64_t>(sizeof(T)))) {
    values_ = reinterpret_cast<T*>(buffer_->mutable_data());
    if (zeroed || std::is_same_v<T, bool>)
      std::memset(buffer_->mutable_data(), 0, static_cast<size_t>(buffer_->size()));
  }
  T* values() { return values_; }
  void SetNull(int64_t row) {
    if (!validity_) validity_ = AllocateBits(num_rows_, true);
    ClearBit(validity_->mutable_data(), row);
  }
  Column Finish(const Type& type) {
    if constexpr (std::is_same_v<T, bool>) {
      BufferPtr bits = AllocateBytes((num_rows_ + 7) / 8);
      PackBits(buffer_->data(), num_rows_, bits->mutable_data());
      buffer_ = std::move(bits);
    }
    return MakeFlat(type, num_rows_, std::move(buffer_), std::move(validity_));
  }

 private:
  int64_t num_rows_;
  BufferPtr buffer_;
  BufferPtr validity_;
  T* values_;
};

namespace kernel_internal {

template <typename T>
struct IsOptional : std::false_type {};
template <typename T>
struct IsOptional<std::optional<T>> : std::true_type {};

template <typename Out, typename F, typename... Readers>
Column MapFixed(const Rows& rows, const Type& result, const F& f, const Readers&... in) {
  FixedWriter<Out> writer(rows.num_rows, rows.selection != nullptr);
  Out* to = writer.values();
  rows.ForEach([&](int64_t row) {
    auto value = f(in[row]...);
    if constexpr (IsOptional<decltype(value)>::value) {
      if (value) {
        to[row] = static_cast<Out>(*value);
      } else {
        to[row] = Out{};
        writer.SetNull(row);
      }
    } else {
      to[row] = static_cast<Out>(value);
    }
  });
  return writer.Finish(result);
}

template <typename F, typename... Readers>
Column MapStrings(const Rows& rows, const Type& result, const F& f, const Readers&... in) {
  StringWriter writer(rows.num_rows, rows.count() * 16);
  BufferPtr validity;
  rows.ForEach([&](int64_t row) {
    writer.SkipTo(row);
    if constexpr (std::is_same_v<decltype(f(in[row]..., writer)), bool>) {
      if (!f(in[row]..., writer)) {
        if (!validity) validity = AllocateBits(rows.num_rows, true);
        ClearBit(validity->mutable_data(), row);
      }
    } else {
      f(in[row]..., writer);
    }
    writer.EndRow();
  });
  return writer.Finish(result, std::move(validity));
}

template <typename Out, typename... In, typename F, size_t... I>
Column Map(std::span<const Column> arguments, const Rows& rows, const Type& result, const F& f,
           std::index_sequence<I...>) {
  if constexpr (std::is_same_v<Out, std::string_view>) {
    return MapStrings(rows, result, f, Reader<In>(arguments[I])...);
  } else {
    return MapFixed<Out>(rows, result, f, Reader<In>(arguments[I])...);
  }
}

}  // namespace kernel_internal

// A column of type `result` from f of each row's arguments.
// Out fixed-width: f(In...) returns Out, or std::optional<Out> where nullopt is NULL. Out std::string_view:
// f(In..., StringWriter&) writes parts of the row (AppendPart); if it returns bool, false is NULL.
template <typename Out, typename... In, typename F>
Column MapRows(std::span<const Column> arguments, const Rows& rows, const Type& result, const F& f) {
  return kernel_internal::Map<Out, In...>(arguments, rows, result, f, std::index_sequence_for<In...>{});
}

// The kernel that maps rows with `f`, which may throw; it never sees a NULL.
template <typename Out, typename... In, typename F>
KernelPtr MakeKernel(F f, std::string variant = {}) {
  ScalarKernel kernel;
  kernel.compute = [f](std::span<const Column> arguments, const Rows& rows, const Type& result) {
    return MapRows<Out, In...>(arguments, rows, result, f);
  };
  kernel.variant = std::move(variant);
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

// As MakeKernel, for an `f` that no value can upset: NULL rows are computed, too, which keeps the loop dense.
template <typename Out, typename... In, typename F>
KernelPtr MakeSafeKernel(F f, std::string variant = {}) {
  ScalarKernel kernel = *MakeKernel<Out, In...>(std::move(f), std::move(variant));
  kernel.skips_nulls = false;
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

}  // namespace quell
