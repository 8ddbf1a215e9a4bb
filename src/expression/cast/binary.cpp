// Casts to and from BINARY. Strings share its memory; integers are their bytes, highest first.
#include "base/check.h"
#include "data/visit_type.h"
#include "expression/cast/cast.h"
#include "expression/functions/kernel.h"

namespace quell {

namespace {

KernelPtr SameBytes() {
  ScalarKernel kernel;
  kernel.skips_nulls = false;
  kernel.compute = [](std::span<const Column> arguments, const Rows&, const Type& result) {
    auto data = std::make_shared<arrow::ArrayData>(*arguments[0].data);
    data->type = ToArrowType(result);
    return Column{result, arguments[0].encoding, std::move(data)};
  };
  return std::make_shared<const ScalarKernel>(std::move(kernel));
}

template <typename T>
KernelPtr FromIntegral() {
  return MakeKernel<std::string_view, T>([](T value, StringWriter& out) {
    char bytes[sizeof(T)];
    for (size_t i = 0; i < sizeof(T); ++i) bytes[i] = static_cast<char>(value >> (8 * (sizeof(T) - 1 - i)));
    out.AppendPart({bytes, sizeof(T)});
  });
}

template <typename T>
KernelPtr ToIntegral() {
  return MakeKernel<T, std::string_view>([](std::string_view bytes) {
    uint64_t value = 0;
    for (const char byte : bytes) value = (value << 8) | static_cast<uint8_t>(byte);
    return static_cast<T>(value);
  });
}

}  // namespace

KernelPtr CastBinary(const Type& from, const Type& to, CastMode) {
  if (from.id() == TypeId::kString || to.id() == TypeId::kString) return SameBytes();
  const bool encodes = to.id() == TypeId::kBinary;
  switch ((encodes ? from : to).id()) {
    case TypeId::kByte: return encodes ? FromIntegral<int8_t>() : ToIntegral<int8_t>();
    case TypeId::kShort: return encodes ? FromIntegral<int16_t>() : ToIntegral<int16_t>();
    case TypeId::kInt: return encodes ? FromIntegral<int32_t>() : ToIntegral<int32_t>();
    case TypeId::kLong: return encodes ? FromIntegral<int64_t>() : ToIntegral<int64_t>();
    default: QUELL_CHECK(false);
  }
}

}  // namespace quell
